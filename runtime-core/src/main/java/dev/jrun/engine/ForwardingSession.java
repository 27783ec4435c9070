// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.List;

/** A session that forwards to another one; subclasses change parts of the conversation. */
public abstract class ForwardingSession implements Session {

    private final Session session;

    /** @param session the one behind */
    protected ForwardingSession(Session session) {
        this.session = session;
    }

    @Override
    public void run(Program program) throws SessionBrokenException {
        session.run(program);
    }

    @Override
    public void queue(Program program) throws SessionBrokenException {
        session.queue(program);
    }

    @Override
    public void checkIsThere() throws SessionBrokenException {
        session.checkIsThere();
    }

    @Override
    public void forgetReports() {
        session.forgetReports();
    }

    @Override
    public Report await() throws SessionBrokenException {
        return session.await();
    }

    @Override
    public void go(int target, List<Patch> patches) throws SessionBrokenException {
        session.go(target, patches);
    }
}
