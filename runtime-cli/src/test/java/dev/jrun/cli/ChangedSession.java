// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.List;

/** A conversation that a test changes where it wants to, and passes on otherwise. */
class ChangedSession implements Session {

    private final Session session;

    ChangedSession(Session session) {
        this.session = session;
    }

    /** What the shim is sent in place of {@code program}. */
    Program changed(Program program) {
        return program;
    }

    @Override
    public void run(Program program) throws SessionBrokenException {
        session.run(changed(program));
    }

    @Override
    public void queue(Program program) throws SessionBrokenException {
        session.queue(changed(program));
    }

    @Override
    public void forgetReports() {
        session.forgetReports();
    }

    @Override
    public void checkIsThere() throws SessionBrokenException {
        session.checkIsThere();
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
