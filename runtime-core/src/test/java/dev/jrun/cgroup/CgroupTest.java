// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.kernel.call.OpenDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The behaviour that is the same in every layout, against the kernel. */
abstract class CgroupTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Signal SIGKILL = new Signal(9);
    private static final Signal SIGTERM = new Signal(15);
    /** A shell command that says when it is ready, and then each time it gets SIGTERM. */
    private static final String COUNTING = "trap 'echo got' TERM; echo ready; while read line; do echo \"$line\"; done";

    private static final Signaller KILL = CgroupTest::send;

    final KernelCgroups kernel;
    private final List<Integer> descriptors = new ArrayList<>();

    CgroupTest(KernelCgroups kernel) {
        this.kernel = kernel;
    }

    private static void send(Signal signal, List<Integer> pids, Signaller.Members members) throws IOException {
        assertTrue(pids.size() <= Signaller.MOST);
        List<Integer> meant = new ArrayList<>(pids);
        meant.retainAll(members.now());
        for (int pid : meant) {
            try {
                LinuxCalls.kill(pid, signal.number());
            } catch (LinuxException error) {
                if (!error.is(Errno.ESRCH)) {
                    throw error;
                }
            }
        }
    }

    @AfterEach
    void cleanUp() throws IOException {
        descriptors.forEach(LinuxCalls::close);
        kernel.close();
    }

    private static int pid(Process process) {
        return (int) process.pid();
    }

    @Test
    void itIsMadeInEveryHierarchyAndRemovedFromEach() throws IOException {
        Cgroup cgroup = kernel.create("a/b");

        assertTrue(cgroup.paths().all().stream().allMatch(Files::isDirectory));
        assertTrue(cgroup.exists());
        assertFalse(cgroup.processes().areAny());
        cgroup.remove(LIMIT);
        assertTrue(cgroup.paths().all().stream().noneMatch(Files::exists));
        assertFalse(cgroup.exists());
        assertTrue(cgroup.paths().all().stream().map(Path::getParent).allMatch(Files::isDirectory));
    }

    @Test
    void removingWhatIsGoneIsFine() throws IOException {
        Cgroup cgroup = new Cgroup(kernel.place("never"));

        cgroup.remove(LIMIT);
        assertEquals(List.of(), cgroup.processes().pids());
        assertFalse(cgroup.isFrozen());
        assertTrue(cgroup.processes().awaitNone(LIMIT));
        cgroup.processes().killAll(KILL, LIMIT);
    }

    @Test
    void aProcessCanEnterAndIsFoundAlsoFurtherDown() throws IOException {
        Cgroup cgroup = kernel.create("c");
        Process top = kernel.runWaiting(cgroup);
        Path inner = cgroup.paths().all().getLast().resolve("inner/deeper");
        Files.createDirectories(inner);
        Process below = cgroup.paths().isUnified() ? kernel.run(List.of(inner), "exec cat") : top;

        assertEquals(
                List.of(Math.min(pid(top), pid(below)), Math.max(pid(top), pid(below))).stream()
                        .distinct()
                        .toList(),
                cgroup.processes().pids());
        assertTrue(cgroup.processes().areAny());
    }

    @Test
    void killAllLeavesNoProcess() throws IOException {
        Cgroup cgroup = kernel.create("c");
        List<Process> processes = new ArrayList<>();
        for (int count = 0; count < 3; count++) {
            processes.add(kernel.runWaiting(cgroup));
        }

        cgroup.processes().killAll(KILL, LIMIT);
        assertEquals(List.of(), cgroup.processes().pids());
        processes.forEach(
                process -> assertEquals(128 + 9, process.onExit().join().exitValue()));
        cgroup.remove(LIMIT);
    }

    @Test
    void killAllEndsAForkBomb() throws IOException {
        Cgroup cgroup = kernel.create("c");
        kernel.run(cgroup.paths().all(), "f() { (while :; do (:) & wait; done) & (while :; do (:) & wait; done); }; f");

        cgroup.processes().killAll(KILL, LIMIT);
        assertFalse(cgroup.processes().areAny());
        cgroup.remove(LIMIT);
    }

    @Test
    void killAllEndsAFrozenContainer() throws IOException {
        Cgroup cgroup = kernel.create("c");
        kernel.runWaiting(cgroup);
        cgroup.freeze();

        cgroup.processes().killAll(KILL, LIMIT);
        cgroup.remove(LIMIT);
    }

    @Test
    void killAllEndsWhatFrozeItselfFurtherDown() throws IOException {
        Cgroup cgroup = kernel.create("c");
        Cgroup inner = kernel.create("c/a/b");
        inner.paths().all().forEach(CgroupLock::unmark);
        kernel.runWaiting(inner);
        inner.freeze();
        assertFalse(cgroup.isFrozen());

        cgroup.processes().killAll(KILL, LIMIT);
        assertFalse(cgroup.processes().areAny());
    }

    @Test
    void aSingleSigkillEndsWhatIsFrozenFurtherDown() throws IOException {
        Cgroup cgroup = kernel.create("c");
        Cgroup inner = kernel.create("c/a/b");
        Process process = kernel.runWaiting(inner);
        inner.freeze();

        LinuxCalls.kill(pid(process), 9);
        assertEquals(
                cgroup.paths().legacy("freezer").isPresent(), cgroup.processes().mayOutliveKill());
        cgroup.processes().letKilledEnd();
        assertTrue(cgroup.processes().awaitNone(LIMIT));
    }

    @Test
    void whatDoesNotDieIsReported() throws IOException {
        Cgroup cgroup = kernel.create("c");
        Process process = kernel.runWaiting(cgroup);
        if (cgroup.processes().kill()) {
            assertTrue(cgroup.processes().awaitNone(LIMIT));
            return;
        }
        CgroupException failed = assertThrows(
                CgroupException.class,
                () -> cgroup.processes().killAll((signal, pids, members) -> {}, Duration.ofMillis(20)));
        assertTrue(failed.getMessage().contains("[" + process.pid() + "]"), failed.getMessage());
    }

    @Test
    void aSignalReachesAllProcessesOnce() throws IOException {
        Cgroup cgroup = kernel.create("c");
        List<Process> processes = List.of(
                kernel.run(cgroup.paths().all(), COUNTING),
                kernel.run(cgroup.paths().all(), COUNTING));
        for (Process process : processes) {
            assertEquals("ready", KernelCgroups.output(process).readLine());
        }

        cgroup.processes().signalAll(KILL, SIGTERM);
        for (Process process : processes) {
            assertEquals("got", KernelCgroups.output(process).readLine());
        }
        assertFalse(cgroup.isFrozen());
    }

    @Test
    void aSignalDoesNotThawAPausedContainerUnlessItKills() throws IOException {
        Cgroup cgroup = kernel.create("c");
        Process process = kernel.run(cgroup.paths().all(), COUNTING);
        assertEquals("ready", KernelCgroups.output(process).readLine());
        cgroup.freeze();

        cgroup.processes().signalAll(KILL, SIGTERM);
        assertTrue(cgroup.isFrozen());
        assertTrue(process.isAlive());
        cgroup.processes().signalAll(KILL, SIGKILL);
        assertTrue(cgroup.processes().awaitNone(LIMIT));
    }

    /** Where a cgroup cannot be frozen, a process may fork while it is killed. */
    @Test
    void whatIsBornWhileOthersAreKilledIsKilledToo() throws IOException {
        Cgroup cgroup = kernel.create("c");
        kernel.runWaiting(cgroup);
        List<Process> born = new ArrayList<>();
        Signaller slow = (signal, pids, members) -> {
            if (born.isEmpty()) {
                cgroup.thaw();
                born.add(kernel.runWaiting(cgroup));
            }
            send(signal, pids, members);
        };

        cgroup.processes().signalAll(slow, SIGKILL);
        assertTrue(cgroup.processes().awaitNone(LIMIT));
    }

    @Test
    void manyProcessesAreSignalledInTurn() throws IOException {
        Cgroup cgroup = kernel.create("c");
        kernel.run(
                cgroup.paths().all(),
                "i=0; while [ $i -lt %d ]; do sleep 1000 & i=$((i + 1)); done; exec cat".formatted(Signaller.MOST));
        while (cgroup.processes().pids().size() <= Signaller.MOST) {
            Thread.onSpinWait();
        }

        cgroup.processes().signalAll(KILL, SIGTERM);
        assertTrue(cgroup.processes().awaitNone(LIMIT));
    }

    @Test
    void freezingStopsProcessesAndThawingLetsThemGoOn() throws IOException {
        Cgroup cgroup = kernel.create("c");
        Process process = kernel.run(cgroup.paths().all(), "while read line; do echo \"$line\"; done");
        assertFalse(cgroup.isFrozen());

        cgroup.freeze();
        assertTrue(cgroup.isFrozen());
        process.outputWriter().append("hello\n").flush();
        assertFalse(KernelCgroups.output(process).ready());
        cgroup.thaw();
        assertFalse(cgroup.isFrozen());
        assertEquals("hello", KernelCgroups.output(process).readLine());
    }

    @Test
    void whatTheContainerMadeInsideIsRemovedToo() throws IOException {
        Cgroup cgroup = kernel.create("c");
        for (Path directory : cgroup.paths().all()) {
            Files.createDirectories(directory.resolve("x/y/z"));
            Files.createDirectories(directory.resolve("x/w"));
            Files.createDirectories(directory.resolve("v"));
        }

        cgroup.remove(LIMIT);
        assertFalse(cgroup.exists());
    }

    @Test
    void cgroupsDeeperThanAPathCanBeLongAreRemoved() throws IOException {
        Cgroup cgroup = kernel.create("c");
        Path name = Path.of("n".repeat(200));
        Path current = cgroup.paths().all().getFirst();
        for (int depth = 0; depth < 30; depth++) {
            int directory = LinuxCalls.openDirectory(current);
            descriptors.add(directory);
            current = Path.of("/proc/self/fd/" + directory).resolve(name);
            Files.createDirectory(current);
        }

        cgroup.remove(LIMIT);
        assertFalse(cgroup.exists());
    }

    @Test
    void removalTakesTwoDescriptorsHoweverDeepCgroupsAre() throws IOException {
        Cgroup cgroup = kernel.create("c");
        OpenDirectory current = OpenDirectory.at(cgroup.paths().all().getFirst());
        for (int level = 0; level < 2500; level++) {
            Files.createDirectory(current.path().resolve("deeper"));
            OpenDirectory next = current.child("deeper".getBytes(StandardCharsets.US_ASCII));
            current.close();
            current = next;
        }
        current.close();

        // The lowest number that is free shows how many are taken at most.
        Set<Integer> seen = new TreeSet<>();
        CgroupWalk.below(
                cgroup.paths().all().getFirst(),
                new CgroupWalk.Visitor() {
                    @Override
                    public void visit(OpenDirectory directory) throws IOException {
                        int next = LinuxCalls.openDirectory(Path.of("/"));
                        LinuxCalls.close(next);
                        seen.add(next);
                    }
                },
                LIMIT);
        assertTrue(seen.size() < 5, seen::toString);
        cgroup.remove(LIMIT);
        assertFalse(cgroup.exists());
    }

    @Test
    void aWayThroughCgroupsThatBecomeMoreAllTheTimeEnds() throws IOException {
        Path top = kernel.create("c").paths().all().getFirst();
        Files.createDirectory(top.resolve("0"));
        CgroupWalk.Visitor follower = new CgroupWalk.Visitor() {
            @Override
            public void visit(OpenDirectory directory) throws IOException {
                Files.createDirectory(directory.path().resolve("next"));
            }
        };

        CgroupException endless =
                assertThrows(CgroupException.class, () -> CgroupWalk.below(top, follower, Duration.ofMillis(20)));
        assertTrue(endless.getMessage().contains("more than can be read"), endless.getMessage());
    }

    @Test
    void manyProcessesAreNotAllNamed() throws IOException {
        Cgroup cgroup = kernel.create("c");
        kernel.run(
                cgroup.paths().all(),
                "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22; do"
                        + " sleep 1000 & done; exec cat");
        while (cgroup.processes().pids().size() < 23) {
            Thread.onSpinWait();
        }

        CgroupException failed = assertThrows(CgroupException.class, () -> cgroup.remove(Duration.ZERO));
        assertTrue(failed.getMessage().endsWith("] and 3 more are in it"), failed.getMessage());
        cgroup.processes().killAll(KILL, LIMIT);
    }

    @Test
    void namesMayBeAnyBytes() throws IOException {
        Cgroup cgroup = kernel.create("c");
        Process made = kernel.run(
                List.of(),
                "cd '" + cgroup.paths().all().getFirst() + "'; d=$(printf '\\377\\303'); mkdir -p \"$d/$d\"");
        made.onExit().join();
        assertEquals(0, made.exitValue());

        cgroup.remove(LIMIT);
        assertFalse(cgroup.exists());
    }

    @Test
    void aPopulatedCgroupIsNotRemovedAndTheErrorSaysWhoIsInIt() throws IOException {
        Cgroup cgroup = kernel.create("c");
        Process process = kernel.runWaiting(cgroup);

        CgroupException failed = assertThrows(CgroupException.class, () -> cgroup.remove(Duration.ofMillis(10)));
        assertTrue(failed.getMessage().contains("device or resource busy"), failed.getMessage());
        assertTrue(failed.getMessage().contains("[" + process.pid() + "]"), failed.getMessage());
    }

    @Test
    void anExistingEmptyCgroupIsUsed() throws IOException {
        kernel.create("c");

        assertTrue(kernel.create("c").exists());
    }

    @Test
    void aCgroupWithProcessesIsNotUsedNorRemoved() throws IOException {
        Cgroup other = kernel.create("c");
        kernel.runWaiting(other);

        CgroupException refused = assertThrows(CgroupException.class, () -> kernel.create("c"));
        assertTrue(
                refused.getMessage()
                        .startsWith("config.json#/linux/cgroupsPath: container's cgroup is not empty: 1 process(es)"),
                refused.getMessage());
        assertTrue(other.processes().areAny());
    }

    @Test
    void aCgroupBelowWhichProcessesAreIsNotUsedNorRemoved() throws IOException {
        Cgroup other = kernel.create("c");
        Cgroup inner = kernel.create("c/inner");
        kernel.runWaiting(inner);

        CgroupException refused = assertThrows(CgroupException.class, () -> kernel.create("c"));
        assertTrue(refused.getMessage().contains("container's cgroup is not empty"), refused.getMessage());
        assertTrue(other.exists());
        assertTrue(inner.processes().areAny());
    }

    @Test
    void aCgroupThatIsBeingMadeForOneIsNotMadeForAnother() throws IOException {
        CgroupCreation first = kernel.begin("c");
        CgroupException refused = assertThrows(CgroupException.class, () -> kernel.create("c"));
        assertTrue(refused.getMessage().contains("is being made for another container"), refused.getMessage());
        assertEquals(
                first.cgroup().paths(),
                first.own().cgroup(first.cgroup().paths()).paths());
        assertThrows(CgroupException.class, () -> new Cgroup(kernel.place("c")).removeUnknown());
        assertTrue(first.cgroup().exists());

        first.close();
        assertTrue(kernel.create("c").exists());
    }

    /** A descriptor to read is enough for flock(2), and for a record lock that refuses one to write. */
    @Test
    void nobodyWhoMayOnlyReadACgroupKeepsItLocked() throws IOException {
        CgroupDirectories paths = kernel.place("c");
        List<Process> holders = new ArrayList<>();
        List<FileChannel> locked = new ArrayList<>();
        try {
            for (Path directory : paths.all()) {
                holders.add(holdDirectory(Files.createDirectories(directory)));
                lockFilesOfEverybody(directory, locked);
            }
            assertFalse(locked.isEmpty());
            try (CgroupCreation creation = kernel.begin("c")) {
                assertThrows(CgroupException.class, () -> kernel.create("c"));
                creation.undo();
            }
            assertTrue(paths.all().stream().allMatch(Files::isDirectory));
        } finally {
            holders.forEach(Process::destroyForcibly);
            for (FileChannel file : locked) {
                file.close();
            }
        }
    }

    private static Process holdDirectory(Path directory) throws IOException {
        Process holder = new ProcessBuilder("flock", directory.toString(), "sh", "-c", "echo held; read line").start();
        assertEquals("held", holder.inputReader().readLine());
        return holder;
    }

    private static void lockFilesOfEverybody(Path directory, List<FileChannel> locked) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, Files::isRegularFile)) {
            for (Path file : files) {
                if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                    FileChannel channel = FileChannel.open(file);
                    locked.add(channel);
                    channel.lock(0, Long.MAX_VALUE, true);
                }
            }
        }
    }

    @Test
    void whatIsMadeIsToldFromWhatWasThere() throws IOException {
        CgroupDirectories paths = kernel.place("a/c");
        Path there = Files.createDirectories(paths.all().getLast());
        try (CgroupCreation creation = kernel.begin("a/c")) {
            assertEquals(paths, creation.own().cgroup(paths).paths());
            assertEquals(
                    paths.all().subList(0, paths.all().size() - 1),
                    creation.own().madeAmong(paths.all()));
            creation.undo();
        }
        assertEquals(List.of(there), paths.all().stream().filter(Files::exists).toList());
        assertEquals(
                List.of(there.getParent()),
                paths.all().stream().map(Path::getParent).filter(Files::exists).toList());
    }

    @Test
    void aCgroupThatWasAnotherContainersIsMadeAnew() throws IOException {
        CgroupDirectories paths = kernel.place("c");
        CgroupCreation first = kernel.begin("c");
        first.close();
        try (CgroupCreation second = kernel.begin("c")) {
            assertEquals(List.of(), first.own().cgroup(paths).paths().all());
            assertEquals(paths.all(), second.own().madeAmong(paths.all()));
        }

        kernel.create("c/inner");
        CgroupException refused = assertThrows(CgroupException.class, () -> kernel.create("c"));
        assertTrue(
                refused.getMessage().contains("belongs to another container and still has cgroups below it"),
                refused.getMessage());
        assertTrue(paths.all().stream().allMatch(Files::exists));
    }

    /** Whose launch has failed may have had it removed already, and the next container on its path has made it anew. */
    @Test
    void whatAnotherHasMadeInItsPlaceIsNotUndone() throws IOException {
        CgroupDirectories paths = kernel.place("c");
        CgroupCreation failed = kernel.begin("c");
        failed.close();
        try (CgroupCreation next = kernel.begin("c")) {
            failed.undo();
            assertEquals(paths, next.own().cgroup(paths).paths());
        }
    }

    @Test
    void aCgroupThatWasThereIsTakenOverOnce() throws IOException {
        CgroupDirectories paths = kernel.place("c");
        for (Path directory : paths.all()) {
            Files.createDirectories(directory);
        }
        CgroupCreation failed = kernel.begin("c");
        failed.undo();
        failed.close();
        CgroupCreation first = kernel.begin("c");
        first.close();
        assertEquals(paths, failed.own().cgroup(paths).paths());
        assertEquals(paths, first.own().cgroup(paths).paths());
        assertEquals(List.of(), first.own().madeAmong(paths.all()));

        CgroupException refused = assertThrows(CgroupException.class, () -> kernel.create("c"));
        assertTrue(
                refused.getMessage().contains("belongs to another container, which has to be deleted first"),
                refused.getMessage());
        Cgroup ended = first.own().cgroup(paths);
        assertEquals(paths, ended.paths());

        ended.remove(LIMIT);
        assertTrue(paths.all().stream().allMatch(Files::exists));
        kernel.create("c");
    }

    @Test
    void cgroupsOfOtherContainersInItAreNotTheContainers() throws IOException {
        Cgroup outer = kernel.create("c");
        Process own = kernel.runWaiting(outer);
        CgroupCreation being = kernel.begin("c/middle/being-made");
        Cgroup other = kernel.create("c/middle/other");
        Process others = kernel.runWaiting(other);

        assertEquals(List.of(pid(own)), outer.processes().pids());
        outer.processes().signalAll(KILL, SIGTERM);
        own.onExit().join();
        assertFalse(outer.processes().areAny());
        outer.processes().killAll(KILL, LIMIT);
        assertTrue(others.isAlive());
        CgroupException refused = assertThrows(CgroupException.class, () -> outer.remove(Duration.ZERO));
        assertTrue(refused.getMessage().contains("another container is in it: "), refused.getMessage());
        assertTrue(other.paths().all().stream().allMatch(Files::exists));
        assertTrue(being.cgroup().paths().all().stream().allMatch(Files::exists));

        others.destroyForcibly();
        others.onExit().join();
        assertThrows(CgroupException.class, () -> outer.remove(Duration.ZERO));
        assertTrue(being.cgroup().paths().all().stream().allMatch(Files::exists));
        being.close();
        outer.remove(LIMIT);
        assertFalse(outer.exists());
    }

    /** Nobody can enter a new one there before it has processors and memory. */
    private static boolean isOfCpusetV1(Path directory) {
        return Files.exists(directory.resolve("cpuset.cpus")) && !Files.exists(directory.resolve("cgroup.controllers"));
    }

    @Test
    void whatIsInACgroupThatWasThereIsNotTheContainers() throws IOException {
        CgroupDirectories paths = kernel.place("c");
        for (Path directory : paths.all()) {
            Files.createDirectories(directory);
        }
        CgroupCreation creation = kernel.begin("c");
        creation.close();
        Cgroup cgroup = creation.own().cgroup(paths);
        List<Path> below = new ArrayList<>();
        for (Path directory : paths.all()) {
            if (!isOfCpusetV1(directory)) {
                below.add(Files.createDirectory(directory.resolve("service")));
            }
        }
        Process service = kernel.run(below, "exec cat");

        cgroup.processes().signalAll(KILL, SIGKILL);
        cgroup.processes().killAll(KILL, LIMIT);
        assertTrue(service.isAlive());
        CgroupException unknown = assertThrows(CgroupException.class, cgroup.processes()::checkNoneIsUnknown);
        assertTrue(unknown.getMessage().contains("[" + service.pid() + "]"), unknown.getMessage());

        cgroup.remove(LIMIT);
        assertTrue(service.isAlive());
        assertTrue(below.stream().allMatch(Files::exists));
        CgroupException refused = assertThrows(CgroupException.class, () -> kernel.create("c"));
        assertTrue(refused.getMessage().contains("container's cgroup is not empty"), refused.getMessage());
    }

    @Test
    void aCgroupWithCgroupsInItIsNotTakenOver() throws IOException {
        CgroupDirectories paths = kernel.place("c");
        for (Path directory : paths.all()) {
            Files.createDirectories(directory.resolve("idle"));
        }

        CgroupException refused = assertThrows(CgroupException.class, () -> kernel.create("c"));
        assertTrue(refused.getMessage().contains("container's cgroup is not empty"), refused.getMessage());
        for (Path directory : paths.all()) {
            assertFalse(CgroupLock.isMarked(directory));
        }
    }

    @Test
    void aDirectoryThatWasMadeAnewIsNoLongerTheContainers() throws IOException {
        CgroupCreation creation = kernel.begin("c");
        creation.close();
        CgroupDirectories paths = creation.cgroup().paths();
        for (Path directory : paths.all()) {
            Files.delete(directory);
            Files.createDirectory(directory);
        }
        assertEquals(List.of(), creation.own().cgroup(paths).paths().all());
        OwnDirectories ofAnotherBoot = new OwnDirectories(
                "another",
                OwnDirectories.of(paths.all(), List.of(), _ -> MountRoot.UNSAID).all());
        assertEquals(List.of(), ofAnotherBoot.cgroup(paths).paths().all());
    }

    @Test
    void whatWasLeftHalfMadeIsRemovedUnlessItIsSomebodyElses() throws IOException {
        Cgroup cutOff = kernel.create("c");
        cutOff.removeUnknown();
        assertFalse(cutOff.exists());

        Cgroup occupied = kernel.create("c");
        kernel.runWaiting(occupied);
        occupied.removeUnknown();
        assertTrue(occupied.paths().all().stream().allMatch(Files::exists));

        CgroupDirectories foreign = kernel.place("d");
        for (Path directory : foreign.all()) {
            Files.createDirectories(directory);
        }
        new Cgroup(foreign).removeUnknown();
        assertTrue(foreign.all().stream().allMatch(Files::exists));

        // What another container has taken over, and may still have to give back.
        kernel.begin("d").close();
        new Cgroup(foreign).removeUnknown();
        for (Path directory : foreign.all()) {
            assertTrue(CgroupLock.isTakenOver(directory));
        }
    }

    @Test
    void aFrozenCgroupIsNotUsed() throws IOException {
        kernel.create("c").freeze();

        CgroupException refused = assertThrows(CgroupException.class, () -> kernel.create("c"));
        assertTrue(refused.getMessage().contains("the cgroup is frozen"), refused.getMessage());
        new Cgroup(kernel.place("c")).thaw();
    }

    @Test
    void whatCouldNotBeMadeWhollyIsNotLeftInPart() throws IOException {
        String impossible = "c/a\nb";

        CgroupException failed = assertThrows(CgroupException.class, () -> kernel.create(impossible));
        assertEquals("/linux/cgroupsPath", failed.pointer());
        assertFalse(new Cgroup(kernel.place("c")).exists());
    }

    @Test
    void aHostWithoutCgroupsNeedsNoHandling() throws IOException {
        CgroupCreation creation = CgroupCreation.of(
                CgroupHost.detect("", ""),
                new CgroupPlace(CgroupDirectories.NONE, CgroupDirectories.NONE, Optional.empty()));
        creation.undo();
        creation.close();
        Cgroup none = creation.cgroup();
        assertEquals(List.of(), creation.own().all());
        assertTrue(creation.own().areKnown());

        assertFalse(none.exists());
        assertFalse(none.processes().areAny());
        none.processes().killAll(KILL, LIMIT);
        none.remove(LIMIT);
        assertEquals(Optional.empty(), Freezer.of(none.paths()));
        assertThrows(CgroupException.class, none::freeze);
    }
}
