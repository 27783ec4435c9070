// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

/** A place among the instructions that others can go to. Labels are equal only if they are the same object. */
public final class Label {

    private static final int NOWHERE = -1;

    private final String name;
    private int index = NOWHERE;

    Label(String name) {
        this.name = name;
    }

    /** What listings call it. */
    public String name() {
        return name;
    }

    boolean isPlaced() {
        return index != NOWHERE;
    }

    /** The index of the instruction behind it; −1 before it is placed. */
    public int index() {
        return index;
    }

    void place(int instruction) {
        index = instruction;
    }

    @Override
    public String toString() {
        return name;
    }
}
