// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** An encoded program, read again by {@code docs/launch-programs.md} and not by the code that wrote it. */
record Decoded(int magic, int flags, int image, List<Step> steps, List<Integer> relocations, byte[] data) {

    record Step(
            int op,
            int dst,
            int policy,
            int mode,
            int kinds,
            int nr,
            List<Integer> errnos,
            int target,
            long[] operands) {

        int kind(int operand) {
            return kinds >>> (2 * operand) & 3;
        }
    }

    static Decoded of(byte[] program) {
        ByteBuffer in = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
        int magic = in.getInt();
        int flags = in.getInt();
        int instructions = in.getInt();
        int relocations = in.getInt();
        int data = in.getInt();
        int image = in.getInt();
        if (in.getLong() != 0) {
            throw new IllegalArgumentException("the header's last field is not 0");
        }
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < instructions; i++) {
            steps.add(step(in));
        }
        List<Integer> offsets = new ArrayList<>();
        for (int i = 0; i < relocations; i++) {
            offsets.add(in.getInt());
        }
        byte[] bytes = new byte[data];
        in.get(bytes);
        if (in.hasRemaining()) {
            throw new IllegalArgumentException(in.remaining() + " bytes too many");
        }
        return new Decoded(magic, flags, image, steps, offsets, bytes);
    }

    private static Step step(ByteBuffer in) {
        int op = Byte.toUnsignedInt(in.get());
        int dst = Byte.toUnsignedInt(in.get());
        int policy = Byte.toUnsignedInt(in.get());
        int mode = Byte.toUnsignedInt(in.get());
        int kinds = Short.toUnsignedInt(in.getShort());
        int nr = Short.toUnsignedInt(in.getShort());
        List<Integer> errnos = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            errnos.add(Byte.toUnsignedInt(in.get()));
        }
        int target = in.getInt();
        long[] operands = new long[6];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = in.getLong();
        }
        return new Step(op, dst, policy, mode, kinds, nr, errnos, target, operands);
    }

    /** The NUL-terminated string at an image offset. */
    String string(long offset) {
        int end = (int) offset;
        while (data[end] != 0) {
            end++;
        }
        return new String(data, (int) offset, end - (int) offset, java.nio.charset.StandardCharsets.UTF_8);
    }

    long number(long offset) {
        return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).getLong((int) offset);
    }
}
