// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupEntry.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupEntryTest {

    private static final Path UNIFIED = Path.of("/sys/fs/cgroup/unified/c1");
    private static final Path CPU = Path.of("/sys/fs/cgroup/cpu,cpuacct/c1");
    private static final Path SYSTEMD = Path.of("/sys/fs/cgroup/systemd/c1");

    private static final Cgroup HYBRID = new Cgroup(new CgroupDirectories(
            Optional.of(UNIFIED), new TreeMap<>(Map.of("cpu,cpuacct", CPU, "name=systemd", SYSTEMD))));

    private static List<Path> directories(CgroupEntry entry) {
        return places(entry).map(Place::directory).toList();
    }

    private static Stream<Place> places(CgroupEntry entry) {
        return Stream.concat(entry.unified().stream(), entry.legacy().stream());
    }

    @Test
    void aProcessEntersEachHierarchyByTheFileThatIsCheapestThere() {
        assertEquals(
                List.of("/sys/fs/cgroup/unified/c1 cgroup.procs", CPU + " tasks", SYSTEMD + " tasks"),
                places(HYBRID.entry())
                        .map(place -> place.directory() + " " + place.members())
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "/a/b", "a//./b/", "x/../a/b"})
    void aPathIsBelowTheContainersCgroupInEachHierarchy(String path) throws CgroupException {
        CgroupEntry entry = HYBRID.entry().below(path);

        assertEquals(List.of(UNIFIED.resolve("a/b"), CPU.resolve("a/b"), SYSTEMD.resolve("a/b")), directories(entry));
        assertEquals(List.of(UNIFIED, CPU, SYSTEMD), entry.own());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "."})
    void aPathMayLeadNowhereElse(String path) throws CgroupException {
        assertEquals(HYBRID.entry(), HYBRID.entry().below(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "/..", "a/../../b", "a\0b"})
    void aPathThatLeadsOutOfTheContainersCgroupIsRefused(String path) {
        CgroupException refused =
                assertThrows(CgroupException.class, () -> HYBRID.entry().below(path));
        assertTrue(refused.getMessage().contains("is not the path of a cgroup below the container's"));
        assertThrows(CgroupException.class, () -> HYBRID.entry().below("cpu", path));
    }

    @Test
    void oneHierarchyOfVersion1IsNamedByAnyOfItsControllers() throws CgroupException {
        assertEquals(
                List.of(UNIFIED, CPU.resolve("a"), SYSTEMD),
                directories(HYBRID.entry().below("cpuacct", "/a")));
        assertEquals(
                List.of(UNIFIED, CPU, SYSTEMD.resolve("a")),
                directories(HYBRID.entry().below("name=systemd", "a")));
    }

    @Test
    void aControllerThatIsInNoHierarchyIsNamedWithThoseThatAre() {
        CgroupException refused =
                assertThrows(CgroupException.class, () -> HYBRID.entry().below("cpus", "a"));
        assertEquals(
                "the container has no cgroup in a hierarchy of cgroup v1 with the controller \"cpus\";"
                        + " there are [cpu,cpuacct, name=systemd]",
                refused.getMessage());
    }

    @Test
    void whereTheContainerHasNoCgroupThereIsNoneToEnter() {
        CgroupEntry entry = new Cgroup(CgroupDirectories.NONE).entry();
        assertEquals(new CgroupEntry(Optional.empty(), List.of()), entry);
        assertThrows(CgroupException.class, () -> entry.below("a"));
    }

    @Test
    void aProcessThatEntersIsInTheContainersCgroup() throws IOException {
        try (KernelCgroups cgroups = KernelCgroups.asMounted()) {
            Cgroup cgroup = cgroups.create("c1");
            Process process = enter(cgroups, cgroup.entry());

            assertEquals(List.of((int) process.pid()), cgroup.processes().pids());
            assertEquals(
                    cgroup.paths().all().stream()
                            .map(CgroupEntryTest::membersOf)
                            .toList(),
                    cgroup.paths().all().stream()
                            .map(_ -> Set.of("" + process.pid()))
                            .toList());
        }
    }

    @Test
    void aProcessThatEntersBelowIsThere() throws IOException {
        try (KernelCgroups cgroups = KernelCgroups.asMounted()) {
            Cgroup cgroup = cgroups.create("c1");
            for (Path directory : cgroup.paths().all()) {
                Files.createDirectory(directory.resolve("sub"));
                inheritCpuset(directory, directory.resolve("sub"));
            }
            Process process = enter(cgroups, cgroup.entry().below("sub"));

            for (Path directory : cgroup.paths().all()) {
                assertEquals(Set.of("" + process.pid()), membersOf(directory.resolve("sub")));
            }
        }
    }

    @Test
    void aProcessEntersBesideOneThatHasGoneToACgroupBelow() throws IOException {
        try (KernelCgroups cgroups = KernelCgroups.unifiedOnly()) {
            Cgroup cgroup = cgroups.create("c1");
            Path own = cgroup.paths().unified().orElseThrow();
            Path below = Files.createDirectories(own.resolve("init.scope"));
            Process init = cgroups.run(List.of(below), "exec cat");

            CgroupEntry entry =
                    cgroups.host().entryBeside(cgroup, membership(init)).orElseThrow();

            assertEquals(below, entry.unified().orElseThrow().directory());
            assertEquals(own, entry.unified().orElseThrow().own());
            Process beside = enter(cgroups, entry);
            assertEquals(Set.of("" + init.pid(), "" + beside.pid()), membersOf(below));
        }
    }

    @Test
    void noProcessEntersBesideOneThatIsNotInTheContainersCgroup() throws IOException {
        try (KernelCgroups cgroups = KernelCgroups.unifiedOnly()) {
            Cgroup cgroup = cgroups.create("c1");
            Cgroup other = cgroups.create("c10");
            Process process = cgroups.runWaiting(other);

            assertEquals(Optional.empty(), cgroups.host().entryBeside(cgroup, membership(process)));
        }
    }

    private static String membership(Process process) throws IOException {
        return Files.readString(Path.of("/proc/" + process.pid() + "/cgroup"));
    }

    private static Process enter(KernelCgroups cgroups, CgroupEntry entry) throws IOException {
        return cgroups.runBy(
                places(entry)
                        .map(place -> place.directory().resolve(place.members()))
                        .toList(),
                "exec cat");
    }

    /** Cgroups of cpuset (cgroup v1) begin without processors, and then no process can enter them. */
    private static void inheritCpuset(Path from, Path to) throws IOException {
        for (String name : List.of("cpuset.cpus", "cpuset.mems")) {
            if (Files.exists(to.resolve(name)) && Files.exists(to.resolve("tasks"))) {
                Files.writeString(to.resolve(name), Files.readString(from.resolve(name)));
            }
        }
    }

    private static Set<String> membersOf(Path directory) {
        try {
            return new CgroupFile(directory, "cgroup.procs").readWords();
        } catch (CgroupException e) {
            throw new AssertionError(e);
        }
    }
}
