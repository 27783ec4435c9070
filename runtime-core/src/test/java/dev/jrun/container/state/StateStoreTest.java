// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.container.lifecycle.UnreadableStateException;
import dev.jrun.kernel.call.EffectiveUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class StateStoreTest {

    private static final ContainerId ID = new ContainerId("c1");

    @TempDir
    private Path directory;

    private StateStore store;

    @BeforeEach
    void makeRoot() throws Exception {
        store = new StateStore(directory.resolve("a/b"));
        store.makeRoot();
    }

    @Test
    void onlyTheFirstClaimCounts() throws Exception {
        assertTrue(store.claim(ID));
        assertFalse(store.claim(ID));
        assertTrue(store.isClaimed(ID));
        assertFalse(store.isClaimed(new ContainerId("c2")));
    }

    @Test
    void othersMayNeitherPassNorRead() throws Exception {
        store.claim(ID);
        store.write(Records.of("c1"));
        for (Path directory : List.of(store.root(), store.directory(ID))) {
            assertEquals("rwx------", mode(directory));
        }
        assertEquals("rw-------", mode(store.directory(ID).resolve("state.json")));
        assertEquals("rwx--x--x", mode(store.root().getParent()));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void whatOthersCouldReadIsCorrectedOnUse() throws Exception {
        store.claim(ID);
        store.write(Records.of("c1"));
        Path file = store.directory(ID).resolve("state.json");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(store.directory(ID), PosixFilePermissions.fromString("rwx--x--x"));
        store.read(ID);
        assertEquals("rwx------", mode(store.directory(ID)));
        assertEquals("rw-------", mode(file));
    }

    @Test
    void aDirectoryThatIsNoContainersKeepsItsMode() throws Exception {
        Path somebodys = Files.createDirectories(store.directory(ID));
        Files.setPosixFilePermissions(somebodys, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(somebodys.resolve("state.json"), "{}");
        assertThrows(ContainerException.class, () -> store.read(ID));
        assertEquals("rwxr-xr-x", mode(somebodys));
    }

    /** Each in a place that its user may write to, such as /tmp as the root of states. */
    @Test
    void whatSomebodyElsePutThereIsRefused() throws Exception {
        assumeTrue(EffectiveUser.uid() == 0, "only root can give files away");
        store.claim(ID);
        store.write(Records.of("c1"));
        for (Path planted : List.of(store.directory(ID), store.directory(ID).resolve("state.json"))) {
            Files.setAttribute(planted, "unix:uid", 1000);
            for (Executable use :
                    List.<Executable>of(() -> store.find(ID), () -> store.findWhole(ID), () -> store.read(ID))) {
                var refusal = assertThrows(ContainerException.class, use);
                assertEquals(
                        "cannot read the state of container c1: " + planted
                                + ": it belongs to user 1000, not to the caller, user 0",
                        refusal.getMessage());
            }
            Files.setAttribute(planted, "unix:uid", 0);
        }
        Files.setAttribute(store.directory(ID), "unix:uid", 1000);
        assertThrows(ContainerException.class, () -> store.remove(ID));
        assertTrue(Files.exists(store.directory(ID).resolve("state.json")));
    }

    @Test
    void aLaunchKeepsToTheDirectoryThatItHasChecked() throws Exception {
        store.claim(ID);
        Path held = store.root().resolve("held");
        try (OpenState state = store.open(ID)) {
            state.write(Records.of("c1"));
            Files.move(store.directory(ID), held);
            Files.createDirectory(store.directory(ID));
            state.write(Records.of("c1", Map.of("a", "b")));
        }
        assertFalse(Files.exists(store.directory(ID).resolve("state.json")));
        Files.delete(store.directory(ID));
        Files.move(held, store.directory(ID));
        assertEquals(Optional.of(Records.of("c1", Map.of("a", "b"))), store.findWhole(ID));
        assertEquals(List.of("state.json"), List.of(store.directory(ID).toFile().list()));
    }

    /** Somebody who may rename what is in the root does so all the time, while it is read. */
    @Test
    void whatTakesThePlaceOfAStateWhileItIsReadIsNotTaken() throws Exception {
        assumeTrue(EffectiveUser.uid() == 0, "only root can give files away");
        ContainerRecord own = Records.of("c1");
        store.claim(ID);
        store.write(own);
        Path mine = store.root().resolve("mine");
        Path theirs = store.root().resolve("theirs");
        Files.move(store.directory(ID), mine);
        store.claim(ID);
        store.write(Records.of("c1", Map.of("planted", "yes")));
        for (Path planted : List.of(store.directory(ID).resolve("state.json"), store.directory(ID))) {
            Files.setAttribute(planted, "unix:uid", 1000);
        }
        Files.move(store.directory(ID), theirs);
        var read = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> attacker = threads.submit(() -> exchange(mine, theirs, store.directory(ID), read));
            try {
                int found = 0;
                for (int i = 0; i < 30_000 || found == 0; i++) {
                    Optional<ContainerRecord> container = findWhereItIsRefusedOrTaken();
                    if (container.isPresent()) {
                        assertEquals(own, container.get());
                        found++;
                    }
                }
            } finally {
                read.set(true);
                attacker.get();
            }
        }
    }

    private static Void exchange(Path one, Path other, Path place, AtomicBoolean end) throws IOException {
        while (!end.get()) {
            for (Path next : List.of(one, other)) {
                Files.move(next, place);
                Files.move(place, next);
            }
        }
        return null;
    }

    private Optional<ContainerRecord> findWhereItIsRefusedOrTaken() {
        try {
            return store.find(ID);
        } catch (ContainerException refused) {
            return Optional.empty();
        }
    }

    @Test
    void aDirectoryThatOthersMayWriteToIsRefused() throws Exception {
        store.claim(ID);
        store.write(Records.of("c1"));
        for (String mode : List.of("rwxrwx---", "rwx----w-")) {
            Files.setPosixFilePermissions(store.directory(ID), PosixFilePermissions.fromString(mode));
            for (Executable use : List.<Executable>of(
                    () -> store.find(ID),
                    () -> store.findWhole(ID),
                    () -> store.write(Records.of("c1")),
                    () -> store.removeStartSocket(ID),
                    () -> store.remove(ID))) {
                var refusal = assertThrows(ContainerException.class, use);
                assertTrue(
                        refusal.getMessage()
                                .endsWith(
                                        "container c1: " + store.directory(ID)
                                                + ": its group or others may write to it, so anybody may have written what is in it"),
                        refusal.getMessage());
            }
        }
        Files.setPosixFilePermissions(store.directory(ID), PosixFilePermissions.fromString("rwx------"));
        assertEquals(Records.of("c1"), store.read(ID));
    }

    @Test
    @Timeout(60)
    void nobodyWaitsForTheWriterOfAPipe() throws Exception {
        Process mkfifo = new ProcessBuilder("mkfifo", store.directory(ID).toString()).start();
        assertEquals(0, mkfifo.waitFor());
        var refusal = assertThrows(ContainerException.class, () -> store.find(ID));
        assertEquals(
                "cannot read the state of container c1: " + store.directory(ID) + ": it is not a directory",
                refusal.getMessage());
    }

    @Test
    void theDirectoryOfTheEnginesIsNoContainers() throws Exception {
        var engine = new ContainerId("engine");
        Path alias = Files.createSymbolicLink(directory.resolve("alias"), store.root());
        for (Path root : List.of(store.root(), alias)) {
            var shared = new StateStore(root, Optional.of(store.root().resolve("engine")));
            var refusal = assertThrows(ContainerException.class, () -> shared.claim(engine));
            assertEquals(
                    "there can be no container \"engine\" in " + root + ": " + store.root()
                            + "/engine is the directory of the engines' sockets; take another id, or another --root",
                    refusal.getMessage());
            Files.createDirectories(store.root().resolve("engine"));
            assertThrows(ContainerException.class, () -> shared.claim(engine));
            assertFalse(shared.isClaimed(engine));
            assertEquals(List.of(), shared.ids());
            assertThrows(NoSuchContainerException.class, () -> shared.read(engine));
            assertTrue(Files.exists(store.root().resolve("engine")));
            Files.delete(store.root().resolve("engine"));
        }
        var elsewhere = new StateStore(store.root(), Optional.of(directory.resolve("engine")));
        assertTrue(elsewhere.claim(engine));
        elsewhere.write(Records.of("engine"));
        assertEquals(List.of(engine), elsewhere.ids());
        elsewhere.remove(engine);
    }

    @Test
    void aLinkIsNotTheDirectoryOfAContainer() throws Exception {
        store.claim(ID);
        store.write(Records.of("c1"));
        var alias = new ContainerId("alias");
        Files.createSymbolicLink(store.directory(alias), store.directory(ID));
        assertFalse(store.isClaimed(alias));
        assertThrows(ContainerException.class, () -> store.find(alias));
        assertThrows(ContainerException.class, () -> store.remove(alias));
        assertEquals(Records.of("c1"), store.read(ID));
    }

    @Test
    void theStateOfAnotherContainerIsNotTaken() throws Exception {
        store.claim(ID);
        store.write(Records.of("c1"));
        var other = new ContainerId("c2");
        Files.move(store.directory(ID), store.directory(other));
        var refusal = assertThrows(ContainerException.class, () -> store.find(other));
        assertEquals(
                "cannot read the state of container c2: it is the state of container c1; another runtime"
                        + " or a newer jrun may have written it: delete the container with that one, or, if it is no longer"
                        + " installed, remove " + store.directory(other) + " by hand",
                refusal.getMessage());
    }

    @Test
    void onlyWhatIsLeftOfAnOwnStateIsTorn() throws Exception {
        store.claim(ID);
        store.write(Records.of("c1", Map.of("a", "b")));
        Path file = store.directory(ID).resolve("state.json");
        String whole = Files.readString(file);
        assertTrue(isTorn(file, ""));
        assertTrue(isTorn(file, "\0".repeat(whole.length())));
        for (int length : List.of(20, whole.length() / 2, whole.length() - 1)) {
            assertTrue(isTorn(file, whole.substring(0, length)), Integer.toString(length));
        }
        for (String foreign : List.of(
                "{",
                "[]",
                "{\"id\":\"c1\",\"init_process_pid\":7,\"config\":{}}",
                "{\"id\":\"c1\",\"init_process_pid\":7,\"conf",
                "{\"ociVersion\":\"2.0.0\",\"container\":{\"id\":\"c1\"}}",
                whole.replace("\"c1\"", "\"c2\""))) {
            assertFalse(isTorn(file, foreign), foreign);
        }
    }

    private boolean isTorn(Path file, String text) throws Exception {
        Files.writeString(file, text);
        boolean torn = assertThrows(UnreadableStateException.class, () -> store.find(ID))
                .isTorn();
        assertEquals(
                torn,
                assertThrows(UnreadableStateException.class, () -> store.read(ID))
                        .getMessage()
                        .endsWith("; delete --force removes it"));
        return torn;
    }

    @Test
    void aStateIsFoundAsItWasWritten() throws Exception {
        store.claim(ID);
        assertEquals(Optional.empty(), store.find(ID));
        store.write(Records.of("c1"));
        assertEquals(Optional.of(Records.of("c1")), store.find(ID));
        store.write(Records.of("c1", Map.of("a", "b")));
        assertEquals(Optional.of(Records.of("c1", Map.of("a", "b"))), store.findWhole(ID));
    }

    @Test
    void aWrittenStateLeavesNoOtherFile() throws Exception {
        store.claim(ID);
        store.write(Records.of("c1"));
        try (var files = Files.list(store.directory(ID))) {
            assertEquals(
                    List.of("state.json"),
                    files.map(file -> file.getFileName().toString()).toList());
        }
    }

    @Test
    void anUnknownContainerIsNotFound() {
        assertThrows(NoSuchContainerException.class, () -> store.read(ID));
    }

    @Test
    void aStateThatIsNoneSaysWhich() throws Exception {
        store.claim(ID);
        Files.writeString(store.directory(ID).resolve("state.json"), "{");
        var failure = assertThrows(ContainerException.class, () -> store.read(ID));
        assertTrue(failure.getMessage().startsWith("cannot read the state of container c1: not a container's state"));
    }

    @Test
    void whoReadsWhileAStateIsReplacedReadsTheOldOrTheNewOne() throws Exception {
        ContainerRecord brief = Records.of("c1");
        ContainerRecord extensive = Records.of("c1", Map.of("a", "x".repeat(100_000)));
        store.claim(ID);
        store.write(brief);
        var written = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> reads = threads.submit(() -> {
                int count = 0;
                while (!written.get() || count == 0) {
                    ContainerRecord found = store.findWhole(ID).orElseThrow();
                    assertTrue(found.equals(brief) || found.equals(extensive));
                    count++;
                }
                return count;
            });
            for (int i = 0; i < 300; i++) {
                store.write(i % 2 == 0 ? extensive : brief);
            }
            written.set(true);
            assertTrue(reads.get() > 0);
        }
    }

    @Test
    void aFailedWriteKeepsTheOldState() throws Exception {
        store.claim(ID);
        store.write(Records.of("c1"));
        Files.createDirectories(store.directory(ID).resolve("state.json.new/full"));
        var failure = assertThrows(ContainerException.class, () -> store.write(Records.of("c1", Map.of("a", "b"))));
        assertTrue(failure.getMessage().startsWith("cannot write the state of container c1: "));
        assertEquals(Records.of("c1"), store.read(ID));
    }

    @Test
    void aRemovedContainerLeavesNothing() throws Exception {
        store.claim(ID);
        store.write(Records.of("c1"));
        Files.createFile(store.directory(ID).resolve("init.sock"));
        store.remove(ID);
        assertFalse(store.isClaimed(ID));
        store.remove(ID);
    }

    @Test
    void aDirectoryWithoutAStateCanBeRemoved() throws Exception {
        store.claim(ID);
        Files.createFile(store.directory(ID).resolve("state.json.new"));
        store.remove(ID);
        assertFalse(store.isClaimed(ID));
    }

    @Test
    void theStateIsKeptAsLongAsSomethingElseIsThere() throws Exception {
        store.claim(ID);
        store.write(Records.of("c1"));
        Files.createDirectories(store.directory(ID).resolve("full/of"));
        assertThrows(ContainerException.class, () -> store.remove(ID));
        assertEquals(Records.of("c1"), store.read(ID));
    }

    @Test
    void aLinkInADirectoryIsRemovedAndNotFollowed() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.createFile(other.resolve("file"));
        store.claim(ID);
        Files.createSymbolicLink(store.directory(ID).resolve("init.sock"), other);
        store.remove(ID);
        assertTrue(Files.exists(other.resolve("file")));
    }

    @Test
    void whatIsNotAContainersIsNotRemoved() throws Exception {
        store.claim(ID);
        Path file = Files.createFile(store.directory(ID).resolve("somebody's"));
        ContainerException error = assertThrows(ContainerException.class, () -> store.remove(ID));
        assertTrue(error.getMessage().contains("is not the state directory of a container"), error.getMessage());
        assertTrue(Files.exists(file));
    }

    /** An empty directory of root's in /tmp, say, whose name somebody took for an id. */
    @Test
    void aDirectoryWithAnotherModeIsNotRemoved() throws Exception {
        Path somebodys = Files.createDirectories(store.directory(ID));
        Files.setPosixFilePermissions(somebodys, PosixFilePermissions.fromString("rwxr-xr-x"));
        ContainerException error = assertThrows(ContainerException.class, () -> store.remove(ID));
        assertEquals(
                somebodys
                        + " is not the state directory of a container: its mode is not 0700; if it was one, remove it by"
                        + " hand",
                error.getMessage());
        assertTrue(Files.exists(somebodys));
    }

    @Test
    void theStartSocketCanBeRemovedMoreThanOnce() throws Exception {
        store.claim(ID);
        Files.createFile(store.directory(ID).resolve("init.sock"));
        store.removeStartSocket(ID);
        store.removeStartSocket(ID);
        assertFalse(Files.exists(store.directory(ID).resolve("init.sock")));
    }

    @Test
    void idsAreThoseOfDirectoriesInOrder() throws Exception {
        for (String id : List.of("b", "a", "C", "10", "9")) {
            store.claim(new ContainerId(id));
        }
        Files.createFile(store.root().resolve(".lock"));
        Files.createDirectory(store.root().resolve("\u001b[2Jno id"));
        assertEquals(
                List.of("10", "9", "C", "a", "b"),
                store.ids().stream().map(ContainerId::text).toList());
    }

    @Test
    void withoutADirectoryThereAreNoContainers() throws Exception {
        StateStore none = new StateStore(directory.resolve("none"));
        assertEquals(List.of(), none.ids());
        assertEquals(Optional.empty(), none.find(ID));
        assertFalse(none.isClaimed(ID));
    }

    @Test
    void aRootThatIsAFileIsSaidToBe() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        StateStore impossible = new StateStore(file.resolve("root"));
        var failure = assertThrows(ContainerException.class, impossible::makeRoot);
        assertTrue(failure.getMessage().startsWith("cannot make the state directory: "), failure.getMessage());
    }
}
