// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.recovery;

import dev.jrun.engine.ForwardingSession;
import dev.jrun.kernel.Errno;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;

/** Has the shim go on as a sealed copy of itself before the call does, for which that fails then. */
final class SealedBeforeSession extends ForwardingSession {

    private final int instruction;
    private final Errno errno;
    private boolean sealed;

    /** @param instruction of the program that seals, which is the first */
    SealedBeforeSession(Session session, int instruction, Errno errno) {
        super(session);
        this.instruction = instruction;
        this.errno = errno;
    }

    @Override
    public void run(Program program) throws SessionBrokenException {
        if (sealed) {
            super.run(program);
            return;
        }
        sealed = true;
        super.run(program);
        Report report = super.await();
        if (!(report instanceof Report.Ready)) {
            throw new AssertionError("not sealed: " + report);
        }
        super.run(program.failingAt(instruction, errno));
    }
}
