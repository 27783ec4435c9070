// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.InvalidContainerIdException;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.container.lifecycle.NotRunningException;
import dev.jrun.container.lifecycle.Status;
import dev.jrun.container.lifecycle.UnsupportedException;
import dev.jrun.container.lifecycle.WrongStatusException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.FirstProcess;
import dev.jrun.container.state.ProcessIdentity;
import dev.jrun.container.state.Records;
import dev.jrun.container.state.StateStore;
import dev.jrun.container.update.AskedResources;
import dev.jrun.container.update.UpdateCall;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What keeps an operation from being done has a type, by which a program can tell it. */
class RefusalsTest {

    private static final ContainerId NONE = new ContainerId("none");
    private static final ContainerId RUNNING = new ContainerId("running");
    private static final ContainerId STOPPED = new ContainerId("stopped");

    @TempDir
    Path root;

    private final Host host = new Host();
    private final SilentSession session = new SilentSession();
    private StateStore store;

    /** Of one the first process is this JVM, of the other one that has ended. */
    @BeforeEach
    void record() throws Exception {
        store = new StateStore(root);
        record(RUNNING, ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow());
        Process child = new ProcessBuilder("cat").start();
        ProcessIdentity ended = ProcessIdentity.of(child.pid()).orElseThrow();
        child.destroyForcibly().waitFor();
        record(STOPPED, ended);
    }

    private void record(ContainerId id, ProcessIdentity init) throws ContainerException {
        store.claim(id);
        ContainerRecord record = Records.of(id.text());
        store.write(record.withFirst(new FirstProcess(init, new TreeMap<>(), List.of())));
    }

    private static void assertRefused(String message, Class<? extends ContainerException> type, Executable operation) {
        assertEquals(message, assertThrows(type, operation).getMessage());
    }

    private static void assertWrong(Status status, Executable operation) {
        assertEquals(status, assertThrows(WrongStatusException.class, operation).status());
    }

    private UpdateCall update(ContainerId id) {
        return new UpdateCall(id, new AskedResources.OnCommandLine("{}", Map.of()), Optional.empty(), Optional.empty());
    }

    private Start start() {
        return new Start(host, store, List.of(), Optional.empty());
    }

    private Delete delete() {
        return new Delete(host, store, List.of());
    }

    @Test
    void noContainerCanHaveSuchAnId() {
        for (String text : List.of("", "..", "a/b", "a".repeat(256))) {
            assertThrows(InvalidContainerIdException.class, () -> ContainerId.of(text));
        }
    }

    @Test
    void thereIsNoSuchContainer() {
        String message = "container \"none\" does not exist";
        assertRefused(message, NoSuchContainerException.class, () -> start().execute(session, NONE));
        assertRefused(message, NoSuchContainerException.class, () -> new Kill(host, store).probe(NONE));
        assertRefused(message, NoSuchContainerException.class, () -> new Pause(host, store).execute(session, NONE));
        assertRefused(message, NoSuchContainerException.class, () -> new Resume(host, store).execute(session, NONE));
        assertRefused(
                message, NoSuchContainerException.class, () -> new Update(host, store).execute(session, update(NONE)));
        assertRefused(
                message, NoSuchContainerException.class, () -> delete().execute(session, NONE, Delete.Mode.ENDED));
        assertRefused(
                message,
                NoSuchContainerException.class,
                () -> new ShowState(host.memory(), store).execute(NONE, _ -> {}));
    }

    @Test
    void aContainerThatHasEndedDoesNotRun() {
        assertRefused(
                "cannot kill container stopped: container not running",
                NotRunningException.class,
                () -> new Kill(host, store).probe(STOPPED));
        assertRefused(
                "cannot pause container stopped: container not running",
                NotRunningException.class,
                () -> new Pause(host, store).execute(session, STOPPED));
        assertRefused(
                "cannot update container stopped: container not running",
                NotRunningException.class,
                () -> new Update(host, store).execute(session, update(STOPPED)));
        assertRefused(
                "cannot start container stopped: it has stopped",
                NotRunningException.class,
                () -> start().execute(session, STOPPED));
        assertRefused(
                "cannot resume container stopped: container not paused",
                WrongStatusException.class,
                () -> new Resume(host, store).execute(session, STOPPED));
        assertWrong(Status.STOPPED, () -> new Kill(host, store).probe(STOPPED));
    }

    @Test
    void aContainerThatRunsIsNeitherStartedNorDeleted() {
        assertRefused(
                "cannot start container running: it is already running",
                WrongStatusException.class,
                () -> start().execute(session, RUNNING));
        assertRefused(
                "cannot delete container running that is not stopped: running",
                WrongStatusException.class,
                () -> delete().execute(session, RUNNING, Delete.Mode.ENDED));
        assertWrong(Status.RUNNING, () -> start().execute(session, RUNNING));
    }

    @Test
    void aContainerWithoutACgroupOfItsOwnIsNotPaused() {
        assertRefused(
                "cannot pause container running: it has no cgroup of its own",
                UnsupportedException.class,
                () -> new Pause(host, store).execute(session, RUNNING));
        assertRefused(
                "cannot say which processes are in container running: it has no cgroup of its own",
                UnsupportedException.class,
                () -> new Processes(store).pids(RUNNING));
    }
}
