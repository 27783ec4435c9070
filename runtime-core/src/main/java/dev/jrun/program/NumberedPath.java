// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Instruction.Width;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A path with a number in it that is known only when the program runs. */
sealed class NumberedPath permits DescriptorPath, ProcessPath, TemporaryPath {

    private final Assembler asm;
    private final Address place;
    private final Address number;
    private final byte[] tail;

    /**
     * @param head bytes that stand before the path, such as the family of a socket address
     * @param prefix what comes before the number
     * @param tail what follows it
     */
    NumberedPath(Assembler asm, byte[] head, String prefix, String tail) {
        this.asm = asm;
        byte[] before = prefix.getBytes(StandardCharsets.UTF_8);
        byte[] text = (tail + "\0").getBytes(StandardCharsets.UTF_8);
        this.tail = Arrays.copyOf(text, (text.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES);
        int start = head.length + before.length;
        byte[] image = Arrays.copyOf(head, start + Assembler.NUMBER_SIZE + this.tail.length);
        System.arraycopy(before, 0, image, head.length, before.length);
        this.place = asm.bytes(image);
        this.number = place.plus(start);
    }

    /** Where the head and the path are. */
    public final Address place() {
        return place;
    }

    /** Bytes from {@link #place} to the end of the longest possible path. */
    public final int size() {
        return number.offset() - place.offset() + Assembler.NUMBER_SIZE + tail.length;
    }

    /** Puts the number in. */
    public final void write(Register value) {
        try (var _ = asm.scope()) {
            Register digits = asm.register("digits");
            asm.format(number, value, digits);
            ByteBuffer rest = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < tail.length; i += Long.BYTES) {
                asm.store(Width.LONG, number.plus(i), digits, value(rest.getLong(i)));
            }
        }
    }

    /** Puts the number in, and opens the file of that name with these flags of open(2). */
    public final Assembler.Added open(Register value, long flags) {
        write(value);
        return asm.call(Syscall.OPENAT, value(OpenFlags.AT_FDCWD), place, value(flags));
    }
}
