// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.kernel.Signal;
import dev.jrun.launch.SignalProgram;
import dev.jrun.launch.Tag;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.List;

/** Sends a signal to the init of a container, and to no other process that may have got its pid since. */
final class InitSignal {

    /** How long an init may take to end after SIGKILL, in milliseconds. */
    private static final int END_LIMIT = 10_000;

    private final Session session;

    InitSignal(Session session) {
        this.session = session;
    }

    /** Sends {@code signal}; {@code false} if the process has ended. */
    boolean send(ProcessIdentity init, Signal signal) throws ContainerException, SessionBrokenException {
        return converse(SignalProgram.toInit(init.pid(), signal), init);
    }

    /** Kills it and waits for its end; {@code false} if it had ended. */
    boolean killAndWait(ProcessIdentity init) throws ContainerException, SessionBrokenException {
        return converse(SignalProgram.killAndWait(init.pid(), END_LIMIT), init);
    }

    private boolean converse(Program program, ProcessIdentity init) throws ContainerException, SessionBrokenException {
        session.run(program);
        boolean held = false;
        while (true) {
            Report report = session.await();
            if (report instanceof Report.Yielded yielded && Tag.of(yielded.tag()) == Tag.HELD) {
                held = init.stat().isPresent();
                if (held) {
                    session.go();
                } else {
                    session.go(program.instructions().size() - 1, List.of());
                }
            } else if (report instanceof Report.Finished) {
                return held;
            } else if (report instanceof Report.Failed failed) {
                throw new ContainerException(program.source(failed.instruction()) + ": "
                        + failed.errno().message());
            } else {
                throw new SessionBrokenException("the shim reported " + report + " after a signal");
            }
        }
    }
}
