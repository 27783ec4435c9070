// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Executes the eBPF instructions that {@link BpfAssembler} writes, on a context of 32-bit words. */
public final class BpfSimulator {
    private final ByteBuffer program;

    public BpfSimulator(byte[] program) {
        this.program = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The program's result: R0 at its exit. */
    public long run(int... context) {
        long[] registers = new long[11];
        boolean[] written = new boolean[registers.length];
        int at = 0;
        while (true) {
            int base = at * BpfAssembler.INSTRUCTION_SIZE;
            int code = Byte.toUnsignedInt(program.get(base));
            int destination = program.get(base + 1) & 0xf;
            int source = program.get(base + 1) >> 4 & 0xf;
            int offset = program.getShort(base + 2);
            int constant = program.getInt(base + 4);
            at++;
            switch (code) {
                case BpfAssembler.LOAD_WORD -> {
                    require(source == 1 && offset % 4 == 0, "a load from elsewhere than the context");
                    registers[destination] = Integer.toUnsignedLong(context[offset / 4]);
                }
                case BpfAssembler.AND32_CONSTANT ->
                    registers[destination] = Integer.toUnsignedLong((int) registers[destination] & constant);
                case BpfAssembler.SHIFT_RIGHT32_CONSTANT ->
                    registers[destination] = Integer.toUnsignedLong((int) registers[destination] >>> constant);
                case BpfAssembler.MOVE32_REGISTER -> {
                    require(written[source], "register " + source + " is read before it is written");
                    registers[destination] = registers[source] & 0xffff_ffffL;
                }
                case BpfAssembler.MOVE64_CONSTANT -> registers[destination] = constant;
                case BpfAssembler.JUMP -> at += offset;
                case BpfAssembler.JUMP32_NOT_EQUAL_CONSTANT -> {
                    require(written[destination], "register " + destination + " is read before it is written");
                    at += (int) registers[destination] != constant ? offset : 0;
                }
                case BpfAssembler.JUMP32_ANY_BIT_CONSTANT -> {
                    require(written[destination], "register " + destination + " is read before it is written");
                    at += ((int) registers[destination] & constant) != 0 ? offset : 0;
                }
                case BpfAssembler.EXIT -> {
                    require(written[0], "no result");
                    return registers[0];
                }
                default -> throw new AssertionError("unknown instruction 0x" + Integer.toHexString(code));
            }
            written[destination] = true;
            require(offset >= 0, "a jump backwards");
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }
}
