// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupHostTest {
    private static final String HYBRID_MOUNTS = """
            22 27 0:21 / /proc rw,relatime - proc proc rw
            23 27 0:22 / /sys rw,relatime - sysfs sysfs rw
            27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
            31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
            33 31 0:30 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct
            35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
            40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
            41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
            """;
    private static final String HYBRID_CALLER = """
            9:name=systemd:/
            4:memory:/process_api/71b2
            2:cpuacct:/
            1:cpu:/
            0::/caller
            """;

    private static final String UNIFIED_MOUNTS = """
            25 30 0:23 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
            30 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw,errors=remount-ro
            34 25 0:29 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot
            36 25 0:31 / /sys/fs/pstore rw,nosuid,nodev,noexec,relatime shared:11 - pstore pstore rw
            """;
    private static final String UNIFIED_CALLER = "0::/user.slice/user-1000.slice/session-3.scope\n";

    private static final String LEGACY_MOUNTS = """
            24 18 0:22 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:8 - tmpfs tmpfs ro,mode=755
            18 1 0:17 / /sys rw - sysfs sysfs rw
            25 24 0:23 / /sys/fs/cgroup/systemd rw,nosuid shared:9 - cgroup cgroup rw,xattr,release_agent=/lib/systemd/systemd-cgroups-agent,name=systemd
            27 24 0:25 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:10 - cgroup cgroup rw,cpu,cpuacct
            28 24 0:26 / /sys/fs/cgroup/net_cls,net_prio rw,nosuid shared:11 - cgroup cgroup rw,net_cls,net_prio
            """;
    private static final String LEGACY_CALLER = """
            11:net_cls,net_prio:/
            4:cpu,cpuacct:/user.slice
            3:rdma:/
            1:name=systemd:/user.slice/user-0.slice/session-1.scope
            """;

    private static CgroupDirectories place(String mounts, String caller, Optional<String> cgroupsPath)
            throws CgroupException {
        return CgroupHost.detect(mounts, caller).placement(caller).directories("c1", cgroupsPath);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n", "nonsense\n1 2 3 - 4\n"})
    void withoutAMountThereIsNoCgroup(String mounts) throws CgroupException {
        CgroupHost host = CgroupHost.detect(mounts, "1:cpu:/\n0::/\n");

        assertEquals(CgroupHost.Layout.NONE, host.layout());
        assertEquals(CgroupDirectories.NONE, host.placement("0::/\n").directories("c1", Optional.of("/x")));
    }

    @Test
    void layoutsAreTold() {
        assertEquals(
                CgroupHost.Layout.HYBRID,
                CgroupHost.detect(HYBRID_MOUNTS, HYBRID_CALLER).layout());
        assertEquals(
                CgroupHost.Layout.UNIFIED,
                CgroupHost.detect(UNIFIED_MOUNTS, UNIFIED_CALLER).layout());
        assertEquals(
                CgroupHost.Layout.LEGACY,
                CgroupHost.detect(LEGACY_MOUNTS, LEGACY_CALLER).layout());
    }

    /** KernelFile replaces such bytes, and what it reads then is another cgroup's name. */
    @Test
    void nothingIsBelowACgroupWhoseNameIsNotUtf8() throws CgroupException {
        String caller = "0::/user/\uFFFD\n";
        CgroupException refusal =
                assertThrows(CgroupException.class, () -> place(UNIFIED_MOUNTS, caller, Optional.empty()));
        assertEquals(
                "config.json#/linux/cgroupsPath: the name of the caller's own cgroup is not UTF-8; give an absolute path",
                refusal.getMessage());
        assertEquals(
                Optional.of(Path.of("/sys/fs/cgroup/x")),
                place(UNIFIED_MOUNTS, caller, Optional.of("/x")).unified());
    }

    @Test
    void anAbsolutePathIsBelowEachMountPoint() throws CgroupException {
        CgroupDirectories paths = place(HYBRID_MOUNTS, HYBRID_CALLER, Optional.of("/docker/abc"));

        assertEquals(Optional.of(Path.of("/sys/fs/cgroup/unified/docker/abc")), paths.unified());
        assertEquals(
                new TreeMap<>(Map.of(
                        "cpu", Path.of("/sys/fs/cgroup/cpu/docker/abc"),
                        "cpuacct", Path.of("/sys/fs/cgroup/cpuacct/docker/abc"),
                        "memory", Path.of("/sys/fs/cgroup/memory/docker/abc"),
                        "name=systemd", Path.of("/sys/fs/cgroup/systemd/docker/abc"))),
                paths.legacy());
    }

    @Test
    void anAbsentPathIsTheIdBelowTheCallersOwn() throws CgroupException {
        CgroupDirectories paths = place(HYBRID_MOUNTS, HYBRID_CALLER, Optional.empty());

        assertEquals(Optional.of(Path.of("/sys/fs/cgroup/unified/caller/c1")), paths.unified());
        assertEquals(Optional.of(Path.of("/sys/fs/cgroup/memory/process_api/71b2/c1")), paths.legacy("memory"));
        assertEquals(Optional.of(Path.of("/sys/fs/cgroup/cpu/c1")), paths.legacy("cpu"));
    }

    @Test
    void anEmptyPathIsAnAbsentOne() throws CgroupException {
        assertEquals(
                place(HYBRID_MOUNTS, HYBRID_CALLER, Optional.empty()),
                place(HYBRID_MOUNTS, HYBRID_CALLER, Optional.of("")));
    }

    @Test
    void whereThereIsOnlyCgroupV2ARelativePathIsBesideTheCaller() throws CgroupException {
        assertEquals(
                Optional.of(Path.of("/sys/fs/cgroup/user.slice/user-1000.slice/a/b")),
                place(UNIFIED_MOUNTS, UNIFIED_CALLER, Optional.of("a/b")).unified());
    }

    @Test
    void aCallerInTheRootHasNoParentToUse() throws CgroupException {
        assertEquals(
                Optional.of(Path.of("/sys/fs/cgroup/c1")),
                place(UNIFIED_MOUNTS, "0::/\n", Optional.empty()).unified());
    }

    @Test
    void controllersThatShareAHierarchyShareADirectory() throws CgroupException {
        CgroupDirectories paths = place(LEGACY_MOUNTS, LEGACY_CALLER, Optional.of("x"));

        assertEquals(
                List.of("cpu,cpuacct", "name=systemd", "net_cls,net_prio"),
                List.copyOf(paths.legacy().keySet()));
        assertEquals(Optional.of(Path.of("/sys/fs/cgroup/cpu,cpuacct/user.slice/x")), paths.legacy("cpuacct"));
        assertEquals(
                Optional.of(Path.of("/sys/fs/cgroup/systemd/user.slice/user-0.slice/session-1.scope/x")),
                paths.legacy("name=systemd"));
        assertEquals(Optional.empty(), paths.unified());
    }

    @Test
    void aControllerWhoseHierarchyIsNotMountedIsLeftAlone() throws CgroupException {
        assertEquals(
                Optional.empty(),
                place(LEGACY_MOUNTS, LEGACY_CALLER, Optional.of("x")).legacy("rdma"));
    }

    @Test
    void inAContainerThatSeesOnlyItsOwnCgroupPathsAreRelativeToThat() throws CgroupException {
        String mounts = """
                640 639 0:50 / /sys ro - sysfs sysfs ro
                641 640 0:51 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
                642 641 0:29 /docker/0f3a /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct
                643 641 0:32 /docker/0f3a /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory
                """;
        String caller = "5:memory:/docker/0f3a/inner\n4:cpu,cpuacct:/docker/0f3a\n";

        CgroupDirectories relative = place(mounts, caller, Optional.of("x"));
        assertEquals(Optional.of(Path.of("/sys/fs/cgroup/memory/inner/x")), relative.legacy("memory"));
        assertEquals(Optional.of(Path.of("/sys/fs/cgroup/cpu,cpuacct/x")), relative.legacy("cpu"));

        CgroupDirectories absolute = place(mounts, caller, Optional.of("/x"));
        assertEquals(Optional.of(Path.of("/sys/fs/cgroup/memory/x")), absolute.legacy("memory"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0::/other/place\n",
                "0::/docker/0f3abc\n",
                "0::/../outside\n",
                "0::/docker/0f3a/x (deleted)\n",
                ""
            })
    void aCallerWhoseCgroupIsNotMountedNeedsAnAbsolutePath(String caller) throws CgroupException {
        CgroupHost host = CgroupHost.detect("1 0 0:29 /docker/0f3a /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n", caller);

        CgroupException refused =
                assertThrows(CgroupException.class, () -> host.placement(caller).directories("c1", Optional.of("x")));
        assertEquals("/linux/cgroupsPath", refused.pointer());
        assertTrue(refused.getMessage().contains("give an absolute path"), refused.getMessage());
        assertEquals(
                Optional.of(Path.of("/sys/fs/cgroup/x")),
                host.placement(caller).directories("c1", Optional.of("/x")).unified());
    }

    @Test
    void aSecondMountOfAHierarchyDoesNotMatter() throws CgroupException {
        String mounts = "50 30 0:29 /sub /mnt/a rw - cgroup2 cgroup2 rw\n" + UNIFIED_MOUNTS
                + "51 30 0:29 / /var/lib/x/rootfs/sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
                + "52 30 0:77 / /mnt/net_cls rw - cgroup cgroup rw,net_cls\n";
        CgroupHost host = CgroupHost.detect(mounts, "3:net_cls:/\n" + UNIFIED_CALLER);

        assertEquals(CgroupHost.Layout.UNIFIED, host.layout());
        assertEquals(
                Optional.of(Path.of("/sys/fs/cgroup/x")),
                host.placement(UNIFIED_CALLER)
                        .directories("c1", Optional.of("/x"))
                        .unified());
    }

    @Test
    void cgroupV2ElsewhereOnALegacyHostIsSomebodyElses() {
        assertEquals(
                CgroupHost.Layout.LEGACY,
                CgroupHost.detect(
                                LEGACY_MOUNTS + "99 18 0:88 / /run/cilium/cgroupv2 rw - cgroup2 none rw\n",
                                LEGACY_CALLER)
                        .layout());
    }

    @Test
    void hierarchiesOutsideOfTheCustomaryPlaceAreFound() throws CgroupException {
        String mounts = "5 1 0:29 / /cgroup/my\\040cpu\\134x rw - cgroup cgroup rw,cpu\n";

        assertEquals(
                Optional.of(Path.of("/cgroup/my cpu\\x/a")),
                place(mounts, "1:cpu:/\n", Optional.of("/a")).legacy("cpu"));
    }

    @Test
    void whatALaterMountCoversIsNotSeen() {
        String covered = HYBRID_MOUNTS + "60 31 0:38 / /sys/fs/cgroup rw,relatime - cgroup2 none rw\n";

        assertEquals(
                CgroupHost.Layout.UNIFIED,
                CgroupHost.detect(covered, HYBRID_CALLER).layout());
        assertEquals(
                CgroupHost.Layout.NONE,
                CgroupHost.detect(UNIFIED_MOUNTS + "61 34 0:90 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n", UNIFIED_CALLER)
                        .layout());
        assertEquals(
                CgroupHost.Layout.NONE,
                CgroupHost.detect(UNIFIED_MOUNTS + "61 25 0:90 / /sys rw - sysfs sysfs rw\n", UNIFIED_CALLER)
                        .layout());
    }

    /** As after {@code mount --rbind /sys /sys}. */
    @Test
    void whatIsBelowACoveringMountIsSeen() {
        String bound = UNIFIED_MOUNTS
                + "61 25 0:22 / /sys rw - sysfs sysfs rw\n"
                + "62 61 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
        assertEquals(
                CgroupHost.Layout.UNIFIED,
                CgroupHost.detect(bound, UNIFIED_CALLER).layout());
        assertEquals(
                CgroupHost.Layout.NONE,
                CgroupHost.detect(bound + "63 62 0:90 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n", UNIFIED_CALLER)
                        .layout());
    }

    @ParameterizedTest
    @CsvSource({
        "x/../y, /sys/fs/cgroup/user.slice/user-1000.slice/y",
        "rel/./a//b/, /sys/fs/cgroup/user.slice/user-1000.slice/rel/a/b",
        "//a/../b, /sys/fs/cgroup/b",
        "/a:b:c, /sys/fs/cgroup/a:b:c",
        "a:b, /sys/fs/cgroup/user.slice/user-1000.slice/a:b"
    })
    void pathsAreCleaned(String cgroupsPath, Path expected) throws CgroupException {
        assertEquals(
                Optional.of(expected),
                place(UNIFIED_MOUNTS, UNIFIED_CALLER, Optional.of(cgroupsPath)).unified());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", ".", "..", "a/..", "/../.", "//"})
    void aPathThatNamesNoCgroupOfItsOwnIsRefused(String cgroupsPath) {
        CgroupException refused = assertThrows(
                CgroupException.class, () -> place(UNIFIED_MOUNTS, UNIFIED_CALLER, Optional.of(cgroupsPath)));
        assertTrue(
                refused.getMessage()
                        .startsWith(
                                "config.json#/linux/cgroupsPath: found \"" + cgroupsPath + "\"; it names no cgroup"),
                refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../../escape", "../../x/../y", "a/../../b", "/a/../../b"})
    void aPathThatLeadsOutIsRefused(String cgroupsPath) {
        CgroupException refused = assertThrows(
                CgroupException.class, () -> place(UNIFIED_MOUNTS, UNIFIED_CALLER, Optional.of(cgroupsPath)));
        assertTrue(
                refused.getMessage()
                        .startsWith("config.json#/linux/cgroupsPath: found \"" + cgroupsPath + "\"; it leads above "),
                refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/jrun-engine", "/jrun-engine/", "//x/../jrun-engine/below"})
    void theEnginesCgroupIsNoContainers(String cgroupsPath) {
        assertEquals(
                "config.json#/linux/cgroupsPath: found \"" + cgroupsPath
                        + "\"; /jrun-engine is the cgroup of jrun's engines; give another path",
                assertThrows(
                                CgroupException.class,
                                () -> place(UNIFIED_MOUNTS, UNIFIED_CALLER, Optional.of(cgroupsPath)))
                        .getMessage());
    }

    @Test
    void norIfTheIdOrTheCallersCgroupLeadsThere() {
        CgroupHost host = CgroupHost.detect(UNIFIED_MOUNTS, UNIFIED_CALLER);
        String expected = "config.json#/linux/cgroupsPath: the container's cgroup would be /sys/fs/cgroup/jrun-engine";
        for (String caller : List.of("0::/\n", "0::/caller\n")) {
            for (Executable placing : List.<Executable>of(
                    () -> host.placement(caller).directories("jrun-engine", Optional.empty()),
                    () -> host.placement(caller).directories("c1", Optional.of("jrun-engine/below")),
                    () -> host.placement(caller).ifPermitted("jrun-engine"))) {
                String message = assertThrows(CgroupException.class, placing).getMessage();
                assertTrue(message.startsWith(expected), message);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/jrun-engine2", "/x/jrun-engine", "/jrun"})
    void namesLikeTheirsAreContainers(String cgroupsPath) throws CgroupException {
        assertEquals(
                Optional.of(Path.of("/sys/fs/cgroup" + cgroupsPath)),
                place(UNIFIED_MOUNTS, UNIFIED_CALLER, Optional.of(cgroupsPath)).unified());
    }

    @ParameterizedTest
    @ValueSource(strings = {"system.slice:docker:abc", ":crio:abc", "::"})
    void aPathForTheSystemdDriverIsRefused(String cgroupsPath) {
        CgroupException refused = assertThrows(
                CgroupException.class, () -> place(UNIFIED_MOUNTS, UNIFIED_CALLER, Optional.of(cgroupsPath)));
        assertTrue(refused.getMessage().contains("systemd"), refused.getMessage());
    }

    @Test
    void aPathWithANulIsRefused() {
        assertThrows(CgroupException.class, () -> place(UNIFIED_MOUNTS, UNIFIED_CALLER, Optional.of("/a\0b")));
    }

    @Test
    void aLineageLeadsFromTheMountPointToTheCgroup() {
        CgroupHost host = CgroupHost.detect(UNIFIED_MOUNTS, UNIFIED_CALLER);

        assertEquals(
                List.of(Path.of("/sys/fs/cgroup"), Path.of("/sys/fs/cgroup/a"), Path.of("/sys/fs/cgroup/a/b")),
                host.lineage(Path.of("/sys/fs/cgroup/a/b")));
        assertEquals(List.of(Path.of("/sys/fs/cgroup")), host.lineage(Path.of("/sys/fs/cgroup")));
        assertThrows(IllegalArgumentException.class, () -> host.lineage(Path.of("/elsewhere")));
    }
}
