// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Signaller;
import dev.jrun.kernel.Signal;
import dev.jrun.launch.SignalProgram;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.io.IOException;
import java.util.Collection;

/** Sends signals as the caller. */
final class SessionSignaller implements Signaller {

    private final Session session;

    SessionSignaller(Session session) {
        this.session = session;
    }

    @Override
    public void send(Signal signal, Collection<Integer> pids) throws IOException {
        Program program = SignalProgram.toEach(pids, signal);
        session.run(program);
        Report report = session.await();
        if (report instanceof Report.Failed failed) {
            throw new IOException(LaunchFailure.describe(program, failed));
        }
        if (!(report instanceof Report.Finished)) {
            throw new SessionBrokenException("the shim reported " + report + " after signals");
        }
    }
}
