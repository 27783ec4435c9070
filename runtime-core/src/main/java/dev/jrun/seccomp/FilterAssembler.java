// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.seccomp.Decision.Comparison;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Assembles classic BPF instructions from the last one to the first: since BPF jumps only forwards, the target of a
 * jump exists already, and its distance is known. Conditional jumps reach 255 instructions: a result that is farther
 * away is repeated, and to other places leads an unconditional jump.
 *
 * @see <a href="https://docs.kernel.org/networking/filter.html">Linux Socket Filtering</a>
 */
final class FilterAssembler {
    /** BPF_LD | BPF_W | BPF_ABS. */
    static final int LOAD = 0x20;
    /** BPF_ALU | BPF_AND | BPF_K. */
    static final int AND = 0x54;
    /** BPF_JMP | BPF_JA. */
    static final int JUMP = 0x05;
    /** BPF_JMP | BPF_JEQ | BPF_K. */
    static final int JUMP_EQUAL = 0x15;
    /** BPF_JMP | BPF_JGT | BPF_K. */
    static final int JUMP_GREATER = 0x25;
    /** BPF_JMP | BPF_JGE | BPF_K. */
    static final int JUMP_GREATER_OR_EQUAL = 0x35;
    /** BPF_JMP | BPF_JSET | BPF_K. */
    static final int JUMP_ANY_BIT = 0x45;
    /** BPF_RET | BPF_K. */
    static final int RETURN = 0x06;

    static final int INSTRUCTION_SIZE = 8;

    private static final int LONGEST_JUMP = 255;
    /** To bring one target nearer takes up to two instructions, which the other target has to stand. */
    private static final int ROOM = 2;

    private final Map<Integer, Label> returns = new HashMap<>();
    private long[] backwards = new long[256];
    private int size;

    /**
     * A place in the program.
     *
     * @param size of the program from there to its end
     */
    record Label(int size) {}

    /** A place near enough to be jumped to, where the filter ends with this result. */
    Label ret(int result) {
        Label label = returns.get(result);
        if (label == null || !isNear(label)) {
            label = add(RETURN, 0, 0, result);
            returns.put(result, label);
        }
        return label;
    }

    /** A place near enough to be jumped to, from where the program goes on at {@code target}. */
    Label near(Label target) {
        return isNear(target) ? target : add(JUMP, 0, 0, distance(target));
    }

    /** The accumulator is compared, unsigned. Both labels have to be near. */
    Label test(Comparison comparison, int operand, Label then, Label otherwise) {
        int code = switch (comparison) {
            case EQUAL -> JUMP_EQUAL;
            case GREATER -> JUMP_GREATER;
            case GREATER_OR_EQUAL -> JUMP_GREATER_OR_EQUAL;
            case ANY_BIT -> JUMP_ANY_BIT;
        };
        return add(code, distance(then), distance(otherwise), operand);
    }

    /** Ahead of what is there: the accumulator keeps only these bits. */
    Label and(int mask) {
        return add(AND, 0, 0, mask);
    }

    /** Ahead of what is there: the accumulator gets 32 bits of {@code struct seccomp_data}. */
    Label load(int offset) {
        return add(LOAD, 0, 0, offset);
    }

    /** The program as an array of {@code struct sock_filter}, in the byte order of the machines that jrun runs on. */
    byte[] assemble() {
        ByteBuffer program = ByteBuffer.allocate(size * INSTRUCTION_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        for (int index = size - 1; index >= 0; index--) {
            program.putLong(backwards[index]);
        }
        return program.array();
    }

    private boolean isNear(Label label) {
        return distance(label) <= LONGEST_JUMP - ROOM;
    }

    /** How many instructions are to be left out by one that comes ahead of all that are there. */
    private int distance(Label label) {
        return size - label.size;
    }

    private Label add(int code, int then, int otherwise, int operand) {
        if (size == backwards.length) {
            long[] longer = new long[2 * size];
            System.arraycopy(backwards, 0, longer, 0, size);
            backwards = longer;
        }
        // struct sock_filter { u16 code; u8 jt, jf; u32 k; }
        backwards[size++] = code | (long) then << 16 | (long) otherwise << 24 | (long) operand << 32;
        return new Label(size);
    }
}
