// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Register;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A path {@code /proc/self/fd/N…} of a descriptor whose number is known only when the program runs; proc_pid_fd(5). */
final class DescriptorPath {

    private static final byte[] PREFIX = "/proc/self/fd/".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGITS = 24;

    private final Assembler asm;
    private final Address place;
    private final Address number;
    private final byte[] tail;

    /**
     * @param head bytes that stand before the path, such as the family of a socket address
     * @param tail what follows the number
     */
    DescriptorPath(Assembler asm, byte[] head, String tail) {
        this.asm = asm;
        byte[] text = (tail + "\0").getBytes(StandardCharsets.UTF_8);
        this.tail = Arrays.copyOf(text, (text.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES);
        int start = head.length + PREFIX.length;
        byte[] image = Arrays.copyOf(head, start + DIGITS + this.tail.length);
        System.arraycopy(PREFIX, 0, image, head.length, PREFIX.length);
        this.place = asm.bytes(image);
        this.number = place.plus(start);
    }

    /** Where the head and the path are. */
    Address place() {
        return place;
    }

    /** Bytes from {@link #place} to the end of the longest possible path. */
    int size() {
        return number.offset() - place.offset() + DIGITS + tail.length;
    }

    /** Puts the number of {@code descriptor} in. */
    void write(Register descriptor) {
        int mark = asm.registersInUse();
        Register digits = asm.register("digits");
        asm.format(number, descriptor, digits);
        ByteBuffer rest = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < tail.length; i += Long.BYTES) {
            asm.store(Width.LONG, number.plus(i), digits, value(rest.getLong(i)));
        }
        asm.release(mark);
    }
}
