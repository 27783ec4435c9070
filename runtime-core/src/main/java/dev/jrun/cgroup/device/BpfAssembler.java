// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Assembles eBPF instructions; it knows those that a device program needs.
 *
 * @see <a href="https://docs.kernel.org/bpf/standardization/instruction-set.html">BPF instruction set</a>
 */
public final class BpfAssembler {
    public static final int LOAD_WORD = 0x61;
    public static final int AND32_CONSTANT = 0x54;
    public static final int SHIFT_RIGHT32_CONSTANT = 0x74;
    public static final int MOVE32_REGISTER = 0xbc;
    public static final int MOVE64_CONSTANT = 0xb7;
    public static final int JUMP = 0x05;
    public static final int JUMP32_NOT_EQUAL_CONSTANT = 0x56;
    public static final int JUMP32_ANY_BIT_CONSTANT = 0x46;
    public static final int EXIT = 0x95;
    public static final int INSTRUCTION_SIZE = 8;

    private final List<Instruction> instructions = new ArrayList<>();
    private final Map<Label, Integer> places = new HashMap<>();

    /** The registers that are used here; the values are their numbers. */
    enum Register {
        /** The result. */
        R0,
        /** The context, at entry. */
        R1,
        R2,
        R3,
        R4,
        R5
    }

    /** A place to jump to, equal only to itself. */
    static final class Label {}

    /** @param target null if it is no jump */
    private record Instruction(
            int code, Register destination, Register source, int offset, int constant, Label target) {}

    /** {@code destination} = the 32 bits at {@code source + offset}. */
    BpfAssembler load(Register destination, Register source, int offset) {
        return add(LOAD_WORD, destination, source, offset, 0, null);
    }

    BpfAssembler and(Register destination, int constant) {
        return add(AND32_CONSTANT, destination, Register.R0, 0, constant, null);
    }

    BpfAssembler shiftRight(Register destination, int bits) {
        return add(SHIFT_RIGHT32_CONSTANT, destination, Register.R0, 0, bits, null);
    }

    BpfAssembler move(Register destination, Register source) {
        return add(MOVE32_REGISTER, destination, source, 0, 0, null);
    }

    public BpfAssembler exit(int result) {
        return add(MOVE64_CONSTANT, Register.R0, Register.R0, 0, result, null)
                .add(EXIT, Register.R0, Register.R0, 0, 0, null);
    }

    BpfAssembler jump(Label target) {
        return add(JUMP, Register.R0, Register.R0, 0, 0, target);
    }

    /** @param constant compared with the lower 32 bits */
    BpfAssembler jumpIfNot(Register register, int constant, Label target) {
        return add(JUMP32_NOT_EQUAL_CONSTANT, register, Register.R0, 0, constant, target);
    }

    BpfAssembler jumpIfAnyBit(Register register, int bits, Label target) {
        return add(JUMP32_ANY_BIT_CONSTANT, register, Register.R0, 0, bits, target);
    }

    /** The next instruction is what {@code label} means. */
    BpfAssembler place(Label label) {
        places.put(label, instructions.size());
        return this;
    }

    /**
     * The program, in the byte order of the machines that jrun runs on.
     *
     * @throws ArithmeticException if a jump is longer than 32,767 instructions
     */
    public byte[] assemble() {
        ByteBuffer program =
                ByteBuffer.allocate(INSTRUCTION_SIZE * instructions.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (int index = 0; index < instructions.size(); index++) {
            Instruction instruction = instructions.get(index);
            int offset = instruction.target == null ? instruction.offset : places.get(instruction.target) - index - 1;
            if (offset != (short) offset) {
                throw new ArithmeticException("a jump over " + offset + " BPF instructions");
            }
            program.put((byte) instruction.code);
            program.put((byte) (instruction.source.ordinal() << 4 | instruction.destination.ordinal()));
            program.putShort((short) offset);
            program.putInt(instruction.constant);
        }
        return program.array();
    }

    private BpfAssembler add(int code, Register destination, Register source, int offset, int constant, Label target) {
        instructions.add(new Instruction(code, destination, source, offset, constant, target));
        return this;
    }
}
