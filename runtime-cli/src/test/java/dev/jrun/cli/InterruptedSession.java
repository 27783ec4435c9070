// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.List;

/** Has something happen before a certain step of a conversation. */
final class InterruptedSession implements Session {

    private final Session session;
    private final int step;
    private final Runnable interruption;
    private int steps;

    /** @param step before which of the messages, to and from the shim, from 0 */
    InterruptedSession(Session session, int step, Runnable interruption) {
        this.session = session;
        this.step = step;
        this.interruption = interruption;
    }

    /** How many messages there were. */
    int steps() {
        return steps;
    }

    private void step() {
        if (steps++ == step) {
            interruption.run();
        }
    }

    @Override
    public void run(Program program) throws SessionBrokenException {
        step();
        session.run(program);
    }

    @Override
    public void queue(Program program) throws SessionBrokenException {
        step();
        session.queue(program);
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
        step();
        return session.await();
    }

    @Override
    public void go(int target, List<Patch> patches) throws SessionBrokenException {
        step();
        session.go(target, patches);
    }
}
