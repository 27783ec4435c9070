// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.engine.ForwardingSession;
import dev.jrun.program.Program;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;

/** A conversation that a test changes where it wants to, and passes on otherwise. */
class ChangedSession extends ForwardingSession {

    ChangedSession(Session session) {
        super(session);
    }

    /** What the shim is sent in place of {@code program}. */
    Program changed(Program program) {
        return program;
    }

    @Override
    public void run(Program program) throws SessionBrokenException {
        super.run(changed(program));
    }

    @Override
    public void queue(Program program) throws SessionBrokenException {
        super.queue(changed(program));
    }
}
