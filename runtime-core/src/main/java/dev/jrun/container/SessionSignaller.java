// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Signaller;
import dev.jrun.container.launch.Host;
import dev.jrun.container.launch.LaunchFailure;
import dev.jrun.kernel.Signal;
import dev.jrun.launch.GroupSignal;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.io.IOException;
import java.util.List;

/** Sends signals as the caller. */
final class SessionSignaller implements Signaller {

    private final Host host;
    private final Session session;

    SessionSignaller(Host host, Session session) {
        this.host = host;
        this.session = session;
    }

    @Override
    public void send(Signal signal, List<Integer> pids, Members members) throws IOException {
        GroupSignal group = new GroupSignal(pids, signal, host.kernel(session));
        session.run(group.program());
        Report report = session.await();
        if (report instanceof Report.Yielded yielded && Tag.of(yielded.tag()) == Tag.HELD) {
            confirm(group, members);
            report = session.await();
        }
        if (report instanceof Report.Failed failed) {
            throw new IOException(LaunchFailure.describe(group.program(), failed));
        }
        if (!(report instanceof Report.Finished)) {
            throw new SessionBrokenException("the shim reported " + report + " after signals");
        }
    }

    private void confirm(GroupSignal group, Members members) throws IOException {
        try {
            session.go(Program.NEXT, group.confirm(members.now()));
        } catch (SessionBrokenException e) {
            throw e;
        } catch (IOException unknown) {
            session.go();
            session.await();
            throw unknown;
        }
    }
}
