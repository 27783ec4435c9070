// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import dev.jrun.kernel.call.ByteText;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects what a program keeps in memory: constant bytes, tables of pointers, and room to work in. */
public final class Image {

    /** A pointer at {@code offset} of the data to {@code target}. */
    public record Relocation(int offset, Address target) {}

    /**
     * Larger rooms lie behind all others, in bytes. Of most of them only the begin is used, if that, while of the small
     * ones nearly all are: these share a page or two, which processes that a program makes copy when they write to
     * them.
     */
    private static final int SMALL = 512;

    private final Data data = new Data();
    private final List<Relocation> relocations = new ArrayList<>();
    private final Map<String, Address> strings = new HashMap<>();
    private final List<Address> buffers = new ArrayList<>();
    private int space;
    private int largeSpace;

    /** The first byte of the finished image. */
    Address start() {
        return new Address(Address.Section.DATA, 0);
    }

    /** A NUL-terminated string in UTF-8; equal strings share a place. */
    Address string(String text) {
        Address known = strings.get(text);
        if (known == null) {
            known = addString(text);
            strings.put(text, known);
        }
        return known;
    }

    /** Exactly the bytes that it was made of, {@link ByteText}: the shim's paths are not the JDK's. */
    private Address addString(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a string for a system call cannot hold a NUL");
        }
        Address address = new Address(Address.Section.DATA, data.size());
        data.writeBytes(ByteText.bytes(text));
        data.write(0);
        checkSize();
        return address;
    }

    /** Bytes, aligned to 8. */
    Address bytes(byte[] bytes) {
        align();
        Address address = new Address(Address.Section.DATA, data.size());
        buffers.add(address);
        data.writeBytes(bytes);
        checkSize();
        return address;
    }

    /** A table of pointers that ends with a null pointer, such as argv. */
    Address pointers(List<Address> targets) {
        align();
        int start = data.size();
        for (Address target : targets) {
            relocations.add(new Relocation(data.size(), target));
            data.writeBytes(new byte[Long.BYTES]);
        }
        data.writeBytes(new byte[Long.BYTES]);
        checkSize();
        return new Address(Address.Section.DATA, start);
    }

    /** Sets the eight bytes at {@code place}, which must be aligned, to the address of {@code target}. */
    void point(Address place, Address target) {
        relocations.add(new Relocation(place.offset(), target));
    }

    /** Zero-filled room, aligned to 8, that is not sent. */
    Address space(int bytes) {
        int length = (bytes + 7) & ~7;
        Address address;
        if (length <= SMALL) {
            address = new Address(Address.Section.SPACE, space);
            space = Math.addExact(space, length);
        } else {
            address = new Address(Address.Section.LARGE_SPACE, largeSpace);
            largeSpace = Math.addExact(largeSpace, length);
        }
        buffers.add(address);
        checkSize();
        return address;
    }

    /** @throws ProgramTooLargeException if it is larger than a shim takes */
    void checkSize() {
        ProgramTooLargeException.check(relocations.size(), "relocations", Format.MAX_RELOCATIONS);
        ProgramTooLargeException.check(size(), "bytes of memory", Format.MAX_IMAGE);
    }

    private void align() {
        while (data.size() % Long.BYTES != 0) {
            data.write(0);
        }
    }

    /** The offset in the finished image. */
    public int offsetOf(Address address) {
        Address.Section section = address.section();
        if (section == Address.Section.DATA) {
            return address.offset();
        }
        return dataSize() + address.offset() + (section == Address.Section.LARGE_SPACE ? space : 0);
    }

    int dataSize() {
        return (data.size() + 7) & ~7;
    }

    int size() {
        return Math.addExact(Math.addExact(dataSize(), space), largeSpace);
    }

    /** The pointers among the data. */
    public List<Relocation> relocations() {
        return relocations;
    }

    /** Where the strings start. */
    public Collection<Address> strings() {
        return strings.values();
    }

    /** Where the bytes and the rooms start that are not strings or tables. */
    public List<Address> buffers() {
        return buffers;
    }

    /** The data section, with its pointers as image offsets, ready to be relocated. */
    public byte[] data() {
        byte[] bytes = new byte[dataSize()];
        copyData(bytes, 0);
        return bytes;
    }

    /** Copies the data section, with its pointers as image offsets, ready to be relocated, to zero-filled bytes. */
    void copyData(byte[] to, int at) {
        data.copyTo(to, at);
        LittleEndian out = new LittleEndian(to);
        for (Relocation relocation : relocations) {
            out.putInt(at + relocation.offset(), offsetOf(relocation.target()));
        }
    }

    /** Bytes that grow. */
    private static final class Data extends ByteArrayOutputStream {
        Data() {
            super(4096);
        }

        void copyTo(byte[] to, int at) {
            System.arraycopy(buf, 0, to, at, count);
        }
    }
}
