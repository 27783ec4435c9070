// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import static dev.jrun.program.Operand.value;

import dev.jrun.cli.testing.embedded.ChangedSession;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Instruction;
import dev.jrun.program.Program;
import dev.jrun.program.Session;
import java.util.List;

/** Has the process whose pid a program opens end before that, and another have its pid by then. */
final class TakenPidSession extends ChangedSession {

    private final Runnable end;
    private final long other;

    /** @param other the pid of one that lives, in place of that which has the same pid */
    TakenPidSession(Session session, Runnable end, long other) {
        super(session);
        this.end = end;
        this.other = other;
    }

    @Override
    protected Program changed(Program program) {
        for (int index = 0; index < program.instructions().size(); index++) {
            if (program.instructions().get(index) instanceof Instruction.SystemCall made
                    && made.call() == Syscall.PIDFD_OPEN) {
                end.run();
                return program.replacing(
                        index,
                        new Instruction.SystemCall(
                                made.call(),
                                List.of(value(other), value(0)),
                                made.result(),
                                made.policy(),
                                made.attempts()));
            }
        }
        return program;
    }
}
