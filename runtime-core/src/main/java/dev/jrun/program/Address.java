// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

/**
 * A place in the memory image. As an operand of a system call it is the absolute address of that place.
 *
 * @param section initialised data, the zero-filled space behind it, or the large pieces of that, which come last
 * @param offset bytes from the start of the section
 */
public record Address(Section section, int offset) implements Operand {

    enum Section {
        DATA,
        SPACE,
        LARGE_SPACE
    }

    /** The place {@code bytes} further on. */
    public Address plus(int bytes) {
        return new Address(section, offset + bytes);
    }

    /** Whether there is something from the begin, which is not the zero-filled space. */
    public boolean isInitialised() {
        return section == Section.DATA;
    }

    @Override
    public int encode(Encoder to, int place) {
        to.putAddress(place, this);
        return Format.KIND_ADDRESS;
    }
}
