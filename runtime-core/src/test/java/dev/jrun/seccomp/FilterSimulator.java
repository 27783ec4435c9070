// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Executes classic BPF as seccomp(2) does, and is as strict as the kernel's check of a filter
 * ({@code seccomp_check_filter} and {@code bpf_check_classic}) about what it executes. Of the instructions it knows
 * those that filters of jrun and of libseccomp use.
 */
final class FilterSimulator {
    private static final int DATA_SIZE = 64;

    private final ByteBuffer program;
    private final int length;

    /**
     * What a filter decided.
     *
     * @param result SECCOMP_RET_*, with data
     * @param instructions how many were executed
     */
    record Outcome(int result, int instructions) {}

    /** @param program in the byte order of the machine that it is for */
    FilterSimulator(byte[] program, ByteOrder order) {
        if (program.length == 0 || program.length % FilterAssembler.INSTRUCTION_SIZE != 0) {
            throw new AssertionError("a program of " + program.length + " bytes");
        }
        this.program = ByteBuffer.wrap(program).order(order);
        this.length = program.length / FilterAssembler.INSTRUCTION_SIZE;
        if (length > SeccompFilter.MAX_INSTRUCTIONS) {
            throw new AssertionError("a program of " + length + " instructions");
        }
        check();
    }

    /** The number of instructions. */
    int length() {
        return length;
    }

    Outcome run(SystemCall call) {
        ByteBuffer data = call.data();
        int accumulator = 0;
        int at = 0;
        int executed = 0;
        while (true) {
            int code = code(at);
            int operand = operand(at);
            executed++;
            boolean holds = switch (code) {
                case FilterAssembler.JUMP_EQUAL -> accumulator == operand;
                case FilterAssembler.JUMP_GREATER -> Integer.compareUnsigned(accumulator, operand) > 0;
                case FilterAssembler.JUMP_GREATER_OR_EQUAL -> Integer.compareUnsigned(accumulator, operand) >= 0;
                case FilterAssembler.JUMP_ANY_BIT -> (accumulator & operand) != 0;
                default -> false;
            };
            switch (code) {
                case FilterAssembler.LOAD -> accumulator = data.getInt(operand);
                case FilterAssembler.AND -> accumulator &= operand;
                case FilterAssembler.JUMP -> at += operand;
                case FilterAssembler.RETURN -> {
                    return new Outcome(operand, executed);
                }
                default -> at += holds ? ifTrue(at) : ifFalse(at);
            }
            at++;
        }
    }

    private void check() {
        for (int at = 0; at < length; at++) {
            int operand = operand(at);
            switch (code(at)) {
                case FilterAssembler.LOAD -> require(operand >= 0 && operand < DATA_SIZE && operand % 4 == 0, at);
                case FilterAssembler.JUMP -> require(operand >= 0 && operand < length - at - 1, at);
                case FilterAssembler.JUMP_EQUAL,
                        FilterAssembler.JUMP_GREATER,
                        FilterAssembler.JUMP_GREATER_OR_EQUAL,
                        FilterAssembler.JUMP_ANY_BIT ->
                    require(at + 1 + ifTrue(at) < length && at + 1 + ifFalse(at) < length, at);
                case FilterAssembler.AND, FilterAssembler.RETURN -> {}
                default -> throw new AssertionError("unknown instruction 0x" + Integer.toHexString(code(at)));
            }
        }
        if (code(length - 1) != FilterAssembler.RETURN) {
            throw new AssertionError("the last instruction does not return");
        }
    }

    private void require(boolean condition, int at) {
        if (!condition) {
            throw new AssertionError("instruction " + at + " with operand " + operand(at));
        }
    }

    private int code(int at) {
        return Short.toUnsignedInt(program.getShort(at * FilterAssembler.INSTRUCTION_SIZE));
    }

    private int ifTrue(int at) {
        return Byte.toUnsignedInt(program.get(at * FilterAssembler.INSTRUCTION_SIZE + 2));
    }

    private int ifFalse(int at) {
        return Byte.toUnsignedInt(program.get(at * FilterAssembler.INSTRUCTION_SIZE + 3));
    }

    private int operand(int at) {
        return program.getInt(at * FilterAssembler.INSTRUCTION_SIZE + 4);
    }
}
