// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.embedded;

import dev.jrun.engine.ForwardingSession;
import dev.jrun.program.Program;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;

/** A conversation that a test changes where it wants to, and passes on otherwise. */
public class ChangedSession extends ForwardingSession {

    public ChangedSession(Session session) {
        super(session);
    }

    /** What the shim is sent in place of {@code program}. */
    protected Program changed(Program program) {
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
