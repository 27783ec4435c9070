// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

/** A place among the instructions that others can go to. Labels are equal only if they are the same object. */
public final class Label {

    private final String name;

    Label(String name) {
        this.name = name;
    }

    /** What listings call it. */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }
}
