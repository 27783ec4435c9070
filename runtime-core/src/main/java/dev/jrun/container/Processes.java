// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.launch.Conversation;
import dev.jrun.container.state.ContainerException;
import dev.jrun.container.state.ContainerId;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.NoSuchContainerException;
import dev.jrun.container.state.StateStore;
import dev.jrun.kernel.WaitStatus;
import dev.jrun.launch.HostCommand;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.io.IOException;
import java.util.List;

/** {@code ps}: the processes of a container. */
public final class Processes {

    private final StateStore store;

    public Processes(StateStore store) {
        this.store = store;
    }

    /** Takes what a command prints, piece by piece. */
    @FunctionalInterface
    public interface Reader {
        void read(byte[] piece);
    }

    /**
     * All that are in the container's cgroup and those that it made, also when its first one has ended.
     *
     * @return their pids as the caller has them, in ascending order
     * @throws NoSuchContainerException if there is no such container
     * @throws ContainerException if there is no way to tell
     */
    public List<Integer> pids(ContainerId id) throws ContainerException {
        ContainerRecord container = store.read(id);
        container.checkIsInSight();
        if (!container.places().haveOwnCgroup()) {
            throw new ContainerException(
                    "cannot say which processes are in container " + id + ": it has no cgroup of its own");
        }
        try {
            return container.places().ownCgroup().pids();
        } catch (IOException e) {
            throw new ContainerException("cannot list the processes of container " + id + ": " + e.getMessage(), e);
        }
    }

    /**
     * Has a command of the host executed by the caller's shim.
     *
     * @param words its name, which is looked for in PATH, and its arguments
     * @param environment entries {@code NAME=value}
     * @return how it ended
     */
    public static WaitStatus execute(Session session, List<String> words, List<String> environment, Reader reader)
            throws ContainerException, SessionBrokenException {
        HostCommand command = new HostCommand(words, environment);
        Conversation conversation = Conversation.run(session, command.program());
        while (true) {
            Report.Yielded report = conversation.await(Tag.PRINTED, Tag.ENDED);
            if (Tag.of(report.tag()) == Tag.ENDED) {
                conversation.awaitEnd();
                return WaitStatus.of(report.value(command.status()));
            }
            reader.read(report.ranges().getFirst());
            conversation.go();
        }
    }
}
