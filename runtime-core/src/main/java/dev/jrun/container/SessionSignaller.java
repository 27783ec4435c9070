// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Signaller;
import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.kernel.Signal;
import dev.jrun.launch.GroupSignal;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Patch;
import dev.jrun.program.Session;
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
        try {
            converse(new GroupSignal(pids, signal, host.kernel(session)), members);
        } catch (ContainerException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void converse(GroupSignal group, Members members) throws IOException, ContainerException {
        Conversation conversation = Conversation.run(session, group.program());
        conversation.await(Tag.HELD);
        conversation.go(confirmation(conversation, group, members));
        conversation.awaitEnd();
    }

    private static List<Patch> confirmation(Conversation conversation, GroupSignal group, Members members)
            throws IOException, ContainerException {
        try {
            return group.confirm(members.now());
        } catch (IOException unknown) {
            // Nobody is confirmed, so that nobody gets the signal.
            conversation.go();
            conversation.awaitEnd();
            throw unknown;
        }
    }
}
