// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

/** What an instruction works on. */
public sealed interface Operand permits Operand.Constant, Register, Address {

    /** Writes the operand at {@code place}, and returns its kind. */
    int encode(Encoder to, int place);

    /** A number known when the program is assembled. */
    record Constant(long value) implements Operand {

        /** Most are small: flags, sizes, and the arguments that a call does not use. */
        private static final Constant[] SMALL = new Constant[256];

        static {
            for (int value = 0; value < SMALL.length; value++) {
                SMALL[value] = new Constant(value);
            }
        }

        @Override
        public int encode(Encoder to, int place) {
            to.putNumber(place, value);
            return Format.KIND_CONSTANT;
        }
    }

    static Operand value(long value) {
        return value >= 0 && value < Constant.SMALL.length ? Constant.SMALL[(int) value] : new Constant(value);
    }

    /** What a load of this text gives: up to eight characters of ASCII, the first one lowest. */
    static Operand text(String text) {
        long bytes = 0;
        for (int i = text.length() - 1; i >= 0; i--) {
            bytes = bytes << Byte.SIZE | text.charAt(i);
        }
        return value(bytes);
    }
}
