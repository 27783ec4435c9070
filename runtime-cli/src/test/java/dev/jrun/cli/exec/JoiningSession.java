// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.exec;

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
 * Has the shim of an {@code exec} wait when its process is in the container, and waits itself, until something has been
 * done.
 */
final class JoiningSession extends ChangedSession {

    /** None of jrun's own reports has it. */
    private static final int JOINING = 98;

    private final Runnable meanwhile;

    JoiningSession(Session session, Runnable meanwhile) {
        super(session);
        this.meanwhile = meanwhile;
    }

    /** In place of the wait for the end of the process that has made that one. */
    @Override
    protected Program changed(Program program) {
        for (int index = 0; index < program.instructions().size(); index++) {
            if (program.instructions().get(index) instanceof Instruction.SystemCall call
                    && call.call() == Syscall.WAIT4) {
                return program.replacing(
                        index,
                        new Instruction.Yield(
                                JOINING, List.of(), Optional.empty(), Optional.empty(), Instruction.Then.WAIT));
            }
        }
        return program;
    }

    @Override
    public Report await() throws SessionBrokenException {
        Report report = super.await();
        if (report instanceof Report.Yielded yielded && yielded.tag() == JOINING) {
            meanwhile.run();
            go();
            return super.await();
        }
        return report;
    }
}
