// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import java.util.List;
import java.util.Map;

/** What a shim says while it runs a program. */
public sealed interface Report {

    /**
     * A {@link Instruction.Yield} was reached.
     *
     * @param tag what the report is about
     * @param registers the values reported, by register number
     * @param ranges two ranges of the image, empty if not asked for
     */
    record Yielded(int tag, Map<Integer, Long> registers, List<byte[]> ranges) implements Report {

        public long value(Register register) {
            return registers.get(register.number());
        }
    }

    /**
     * An instruction failed and nothing in the program took care of it. The shim awaits the next program.
     *
     * @param instruction its index
     * @param errno the number of its error, which may have no name
     */
    record Failed(int instruction, int errno) implements Report {}

    /** The program reached its end. The shim awaits the next program. */
    record Finished() implements Report {}

    /** The shim goes on as another executable, its sealed copy, and awaits the next program. */
    record Ready() implements Report {}
}
