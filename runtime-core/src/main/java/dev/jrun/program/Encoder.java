// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Syscall;
import java.util.List;

/**
 * Writes a program in the form that the shim reads ({@code docs/launch-programs.md}). Each instruction encodes itself:
 * every call runs this, and a switch over types would be linked at run time, outside of the AOT cache.
 */
final class Encoder {

    private static final int RESULT = 1;
    private static final int POLICY = 2;
    private static final int MODE = 3;
    private static final int KINDS = 4;
    private static final int SYSCALL = 6;
    private static final int ERRNOS = 8;
    private static final int TARGET = 12;
    private static final int OPERANDS = 16;

    private final Program program;
    private final Image image;
    private final Machine machine;
    private final LittleEndian out;
    private int at;

    Encoder(Program program, Machine machine) {
        this.program = program;
        this.image = program.image();
        this.machine = machine;
        int size = Format.HEADER_SIZE
                + program.instructions().size() * Format.INSTRUCTION_SIZE
                + image.relocations().size() * Integer.BYTES
                + image.dataSize();
        this.out = new LittleEndian(new byte[size]);
    }

    byte[] encode() {
        out.putInt(0, Format.MAGIC);
        out.putInt(4, program.isRetryable() ? Format.FLAG_RETRYABLE : 0);
        out.putInt(8, program.instructions().size());
        out.putInt(12, image.relocations().size());
        out.putInt(16, image.dataSize());
        out.putInt(20, image.size());
        at = Format.HEADER_SIZE;
        List<Instruction> instructions = program.instructions();
        for (int i = 0; i < instructions.size(); i++) {
            instructions.get(i).encode(this);
            at += Format.INSTRUCTION_SIZE;
        }
        for (Image.Relocation relocation : image.relocations()) {
            out.putInt(at, relocation.offset());
            at += Integer.BYTES;
        }
        image.copyData(out.bytes(), at);
        return out.bytes();
    }

    /** Where a label is, as a target. */
    int index(Label target) {
        return program.index(target);
    }

    /** Where in the image, as an operand. */
    Operand offset(Address place) {
        return Operand.value(image.offsetOf(place));
    }

    /** Writes what an instruction has but its operands. */
    void put(int op, Register result, int mode, int target) {
        out.putByte(at, op);
        out.putByte(at + RESULT, result == null ? Format.NO_REGISTER : result.number());
        out.putByte(at + MODE, mode);
        out.putInt(at + TARGET, target);
    }

    /** Writes the number of a system call. */
    void putCall(Syscall call) {
        out.putShort(at + SYSCALL, call.number(machine));
    }

    /** Writes what these errors of a system call, as {@link #errnos} packs them, lead to. */
    void putPolicy(int policy, int errnos, int target) {
        out.putByte(at + POLICY, policy);
        out.putInt(at + ERRNOS, errnos);
        out.putInt(at + TARGET, target);
    }

    static int errnos(List<Errno> listed) {
        if (listed.isEmpty()) {
            return Format.ANY_ERRNO;
        }
        if (listed.size() > Integer.BYTES) {
            throw new IllegalArgumentException("a system call's policy lists at most four errors");
        }
        int packed = 0;
        for (int i = 0; i < listed.size(); i++) {
            packed |= listed.get(i).number() << (8 * i);
        }
        return packed;
    }

    void operands(Operand only) {
        out.putShort(at + KINDS, operand(0, only));
    }

    void operands(Operand first, Operand second) {
        out.putShort(at + KINDS, operand(0, first) | operand(1, second));
    }

    void operands(Operand... operands) {
        int kinds = 0;
        for (int i = 0; i < operands.length; i++) {
            kinds |= operand(i, operands[i]);
        }
        out.putShort(at + KINDS, kinds);
    }

    void operands(List<Operand> operands) {
        int kinds = 0;
        for (int i = 0; i < operands.size(); i++) {
            kinds |= operand(i, operands.get(i));
        }
        out.putShort(at + KINDS, kinds);
    }

    /** Writes an operand's number and returns its kind, shifted to its place among the kinds. */
    private int operand(int index, Operand operand) {
        return operand.encode(this, at + OPERANDS + index * Long.BYTES) << (2 * index);
    }

    /** Writes an operand that is a number. */
    void putNumber(int place, long number) {
        out.putLong(place, number);
    }

    /** Writes an operand that is an address. */
    void putAddress(int place, Address address) {
        out.putInt(place, image.offsetOf(address));
    }
}
