// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import dev.jrun.engine.OutputProgram;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;

/** How a command ended. */
public sealed interface Outcome {

    /** Lets the shim end, with what is to be printed. */
    void tell(Session session, OutputProgram output) throws SessionBrokenException;

    /** The shim waits to be told to end with this exit code, 0 to 255. */
    record Exit(int code) implements Outcome {
        @Override
        public void tell(Session session, OutputProgram output) throws SessionBrokenException {
            session.run(output.program(code));
        }
    }

    /** The shim has been told how to end already. */
    record ShimEnds() implements Outcome {
        @Override
        public void tell(Session session, OutputProgram output) {}
    }

    Outcome SUCCESS = new Exit(0);
}
