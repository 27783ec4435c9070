// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.recovery;

import dev.jrun.engine.ForwardingSession;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.List;

/** Has something happen before a certain step of a conversation. */
final class InterruptedSession extends ForwardingSession {

    private final int step;
    private final Runnable interruption;
    private int steps;

    /** @param step before which of the messages, to and from the shim, from 0 */
    InterruptedSession(Session session, int step, Runnable interruption) {
        super(session);
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
        super.run(program);
    }

    @Override
    public void queue(Program program) throws SessionBrokenException {
        step();
        super.queue(program);
    }

    @Override
    public Report await() throws SessionBrokenException {
        step();
        return super.await();
    }

    @Override
    public void go(int target, List<Patch> patches) throws SessionBrokenException {
        step();
        super.go(target, patches);
    }
}
