// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

/** What an instruction works on. */
public sealed interface Operand permits Operand.Constant, Register, Address {

    /** A number known when the program is assembled. */
    record Constant(long value) implements Operand {}

    static Operand value(long value) {
        return new Constant(value);
    }
}
