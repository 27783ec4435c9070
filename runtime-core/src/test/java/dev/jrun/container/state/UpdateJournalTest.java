// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.limits.UnfinishedUpdate;
import dev.jrun.container.limits.UnfinishedUpdate.Step;
import dev.jrun.container.limits.UpdatedLimits;
import dev.jrun.spec.Resources.DeviceRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpdateJournalTest {

    private static final ContainerId ID = new ContainerId("c");
    private static final UpdatedLimits LIMITS = new UpdatedLimits(
            OptionalLong.of(5),
            Optional.of(List.of(
                    new DeviceRule(true, DeviceRule.Type.CHARACTER, OptionalLong.of(1), OptionalLong.empty(), "r"))));

    @TempDir
    Path root;

    private StateStore store;

    @BeforeEach
    void make() throws IOException {
        Files.createDirectory(
                root.resolve("c"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        store = new StateStore(root);
    }

    /** As an engine that is killed does. */
    private void lose(UpdatedLimits limits) throws ContainerException {
        try (UpdateJournal journal = store.update(ID).begin(limits)) {
            journal.note("/sys/fs/cgroup/c/io.max", "8:0 rbps=1\n8:16 \"x\"");
            journal.noteDevices();
            journal.noteManager("TasksMax @t 5\nX @s 'a\"'\n");
        }
    }

    @Test
    void whatAnUpdateLeavesIsFoundTheLastStepFirst() throws ContainerException {
        assertEquals(Optional.empty(), store.update(ID).unfinished());
        for (UpdatedLimits limits : List.of(LIMITS, UpdatedLimits.NONE)) {
            lose(limits);
            assertEquals(
                    Optional.of(new UnfinishedUpdate(
                            limits,
                            List.of(
                                    Step.ofManager("TasksMax @t 5\nX @s 'a\"'\n"),
                                    Step.DEVICES,
                                    Step.ofFile("/sys/fs/cgroup/c/io.max", "8:0 rbps=1\n8:16 \"x\"")))),
                    store.update(ID).unfinished());
        }
        store.update(ID).forget();
        assertEquals(Optional.empty(), store.update(ID).unfinished());
    }

    @Test
    void anUpdateThatEndsLeavesNothing() throws ContainerException {
        try (UpdateJournal journal = store.update(ID).begin(LIMITS)) {
            journal.note("/sys/fs/cgroup/c/pids.max", "5");
            journal.end();
        }
        assertEquals(Optional.empty(), store.update(ID).unfinished());
    }

    /** Its engine ended while it was written, so that step was not taken. */
    @Test
    void halfALineIsNone() throws IOException, ContainerException {
        lose(LIMITS);
        Path journal = root.resolve("c").resolve(UpdateJournal.FILE);
        Files.writeString(journal, "{\"file\":\"/x", StandardOpenOption.APPEND);
        assertEquals(3, store.update(ID).unfinished().orElseThrow().steps().size());
        Files.writeString(journal, "{\"upda");
        assertEquals(Optional.empty(), store.update(ID).unfinished());
    }

    @Test
    void itIsRemovedWithTheContainer() throws ContainerException {
        lose(LIMITS);
        store.remove(ID);
        assertEquals(false, Files.exists(root.resolve("c")));
    }
}
