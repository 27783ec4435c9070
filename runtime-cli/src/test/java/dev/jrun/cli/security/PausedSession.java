// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.security;

import dev.jrun.cli.testing.embedded.ChangedSession;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Instruction;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.List;
import java.util.Optional;

/**
 * Has the shim wait at a certain moment until something has been done: where it closes a descriptor for the first time
 * for a certain reason. That descriptor stays open.
 */
final class PausedSession extends ChangedSession {

    /** None of jrun's own reports has it. */
    private static final int PAUSED = 99;

    private final String intent;
    private final Runnable meanwhile;

    /**
     * @param intent how the reason for which it closes the descriptor begins
     * @param meanwhile what is done while the shim waits
     */
    PausedSession(Session session, String intent, Runnable meanwhile) {
        super(session);
        this.intent = intent;
        this.meanwhile = meanwhile;
    }

    @Override
    protected Program changed(Program program) {
        for (int index = 0; index < program.instructions().size(); index++) {
            if (program.instructions().get(index) instanceof Instruction.SystemCall call
                    && call.call() == Syscall.CLOSE
                    && program.source(index).intent().startsWith(intent)) {
                return program.replacing(
                        index,
                        new Instruction.Yield(
                                PAUSED, List.of(), Optional.empty(), Optional.empty(), Instruction.Then.WAIT));
            }
        }
        return program;
    }

    @Override
    public Report await() throws SessionBrokenException {
        Report report = super.await();
        if (report instanceof Report.Yielded yielded && yielded.tag() == PAUSED) {
            meanwhile.run();
            go();
            return super.await();
        }
        return report;
    }
}
