// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.device.DeviceAccess;
import dev.jrun.cgroup.device.DeviceNumbers;
import dev.jrun.cgroup.device.DevicePolicy;
import dev.jrun.cgroup.device.DeviceType;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.LaunchedConfig;
import dev.jrun.launch.part.CallerRights;
import dev.jrun.spec.Device;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceFilesTest {

    private static final String FUSE =
            "{\"type\": \"c\", \"path\": \"/dev/fuse\", \"major\": 10, \"minor\": 229, \"fileMode\": 432}";
    private static final String NAMESPACES = """
            [{"type": "pid"}, {"type": "network"}, {"type": "ipc"}, {"type": "uts"}, {"type": "mount"},
             {"type": "cgroup"}, {"type": "user"}]""";

    private static LaunchedConfig with(String... devices) {
        return LaunchedConfig.byDefault().with("/linux/devices", "[" + String.join(",", devices) + "]");
    }

    private static LaunchedConfig inUserNamespace(LaunchedConfig config) {
        String mappings = "[{\"containerID\": 0, \"hostID\": 100000, \"size\": 65536}]";
        return config.with("/linux/namespaces", NAMESPACES)
                .with("/linux/uidMappings", mappings)
                .with("/linux/gidMappings", mappings);
    }

    @Test
    void theDefaultsAreMadeInTheContainersDev() {
        List<String> made = LaunchedConfig.byDefault().calls(Syscall.MKNODAT).stream()
                .filter(line -> line.contains("S_IFCHR"))
                .toList();
        assertEquals(6, made.size());
        assertTrue(made.getFirst().contains("\"null\", S_IFCHR|0666, makedev(1, 3)"), made::toString);
    }

    @Test
    void theDefaultsMayBeUsedByEveryContainer() throws CgroupException {
        DevicePolicy policy = DevicePolicy.of(List.of());
        for (Device device : DeviceFiles.DEFAULTS) {
            var numbers = new DeviceNumbers(DeviceType.CHARACTER, device.major(), device.minor());
            DevicePolicy.Access allowed = policy.exceptions().get(numbers);
            assertNotNull(allowed, device.path());
            assertEquals(DeviceAccess.of("rwm"), allowed.access(), device.path());
        }
    }

    /** In a user namespace, of the container or around jrun, mknod(2) is refused. */
    @Test
    void whereNoneCanBeMadeTheHostsAreMounted() {
        for (LaunchedConfig config :
                List.of(with(FUSE).of(new CallerRights(false, true, true, true)), inUserNamespace(with(FUSE)))) {
            assertTrue(config.calls(Syscall.MKNODAT).stream().noneMatch(line -> line.contains("S_IFCHR")));
            for (String device : List.of("null", "zero", "full", "random", "urandom", "tty", "fuse")) {
                assertTrue(config.calls(Syscall.OPENAT).stream()
                        .anyMatch(line -> line.contains("openat(AT_FDCWD, \"/dev/" + device + "\"")));
            }
        }
    }

    @Test
    void aDeviceIsMadeWithItsNumbersAndMode() {
        List<String> lines = with(FUSE).lines("/linux/devices/0");
        assertTrue(
                lines.contains("made = mknodat(directory, \"fuse\", S_IFCHR|0660, makedev(10, 229))"
                        + "  on EEXIST, EPERM go to not made"),
                lines::toString);
        assertTrue(lines.stream().noneMatch(line -> line.startsWith("fchownat")), lines::toString);
    }

    /** As with runc and crun; what is mounted is the host's file of the path without them. */
    @ParameterizedTest
    @ValueSource(strings = {"/dev/tt/", "/dev/tt//", "//dev/./tt/.", "/dev/x/../tt"})
    void slashesAndDotsInAPathMeanNothing(String path) {
        String device = "{\"type\": \"c\", \"path\": \"%s\", \"major\": 1, \"minor\": 3}".formatted(path);
        assertTrue(with(device).lines("/linux/devices/0").stream()
                .anyMatch(line -> line.contains("mknodat(directory, \"tt\", S_IFCHR|0666, makedev(1, 3))")));
        assertTrue(inUserNamespace(with(device)).lines("/linux/devices/0").stream()
                .anyMatch(line -> line.contains("openat(AT_FDCWD, \"/dev/tt\"")));
    }

    /**
     * The directory of what is made is on the mount of /dev, or on the root file system: a link may have led a volume
     * to it.
     */
    @Test
    void nothingIsMadeOnAMountThatIsNotNamed() {
        String inRoot = "directory = openat2(root, \"%s\", {flags=%s, resolve=%s|RESOLVE_IN_ROOT}, size=24)";
        String flags = "O_DIRECTORY|O_CLOEXEC|O_PATH";
        assertOpens(
                "/dev/net/p",
                "directory = openat2(directory, \"net\", {flags=" + flags
                        + ", resolve=RESOLVE_NO_XDEV|RESOLVE_NO_SYMLINKS|RESOLVE_IN_ROOT}, size=24)");
        assertOpens("/run/p", inRoot.formatted("run", flags, "RESOLVE_NO_XDEV|RESOLVE_NO_MAGICLINKS"));
        assertTrue(LaunchedConfig.byDefault()
                .with("/mounts", "[]")
                .intent("open /dev, which must be a directory and no link")
                .getFirst()
                .contains("openat2(root, \"dev\", {flags=" + flags
                        + ", resolve=RESOLVE_NO_XDEV|RESOLVE_NO_SYMLINKS|RESOLVE_IN_ROOT}"));
    }

    private static void assertOpens(String fifo, String call) {
        List<String> lines =
                with("{\"type\": \"p\", \"path\": \"%s\"}".formatted(fifo)).lines("/linux/devices/0");
        assertTrue(lines.stream().anyMatch(line -> line.startsWith(call)), lines::toString);
    }

    /** It has a descriptor, which nobody can lead elsewhere. */
    @Test
    void theDefaultsAreMadeInTheMountOfTheConfiguration() {
        assertEquals(
                List.of("dev = u64 at [buffer]"), LaunchedConfig.byDefault().intent("open /dev"));
    }

    /** The kernel has one, wherever it is mounted. */
    @Test
    void aDevtmpfsIsLeftAsItIs() {
        LaunchedConfig config = LaunchedConfig.byDefault()
                .with("/mounts", "[{\"destination\": \"/dev\", \"type\": \"devtmpfs\", \"source\": \"devtmpfs\"}]");
        assertEquals(List.of(), config.intent("link /dev/ptmx to pts/ptmx"));
    }

    @Test
    void largeNumbersAreAsTheKernelHasThem() {
        List<String> lines = with("{\"type\": \"b\", \"path\": \"/d\", \"major\": 4095, \"minor\": 1048575}")
                .lines("/linux/devices/0");
        assertTrue(
                lines.stream()
                        .anyMatch(line ->
                                line.contains("mknodat(directory, \"d\", S_IFBLK|0666, makedev(4095, 1048575))")),
                lines::toString);
    }

    @Test
    void itsOwnerIsChangedByADescriptorThatIsSureToBeTheDevice() {
        List<String> lines = with("{\"type\": \"p\", \"path\": \"/run/p\", \"uid\": 5, \"gid\": 6}")
                .lines("/linux/devices/0");
        int opened = lines.indexOf("device = openat(directory, \"p\", O_NOFOLLOW|O_CLOEXEC|O_PATH)");
        int checked = lines.indexOf("fail with EEXIST");
        int changed = lines.indexOf("fchownat(device, \"\", 5, 6, AT_EMPTY_PATH)");
        assertTrue(opened >= 0 && opened < checked && checked < changed, lines::toString);
    }

    @Test
    void anotherFileInItsPlaceIsRefused() {
        assertTrue(LaunchedConfig.failures(with(FUSE).create().program(), Errno.EEXIST)
                .contains("config.json#/linux/devices/0: make the character device /dev/fuse (10:229):"
                        + " another file is at its path: file exists"));
    }

    @Test
    void aConfiguredDeviceStandsForTheDefaultOfItsPath() {
        LaunchedConfig config =
                with("{\"type\": \"c\", \"path\": \"/dev/./null\", \"major\": 1, \"minor\": 3, \"fileMode\": 384}");
        assertEquals(List.of(), config.intent("make /dev/null"));
        assertFalse(config.intent("make /dev/zero").isEmpty());
    }

    @Test
    void aDevThatIsMountedIsLeftAsItIs() {
        LaunchedConfig config = with(FUSE)
                .with("/mounts", "[{\"destination\": \"/dev/\", \"source\": \"/d\", \"options\": [\"rbind\"]}]");
        assertEquals(
                List.of(),
                config.calls(Syscall.MKNODAT).stream()
                        .filter(line -> line.contains("S_IFCHR"))
                        .toList());
        assertFalse(config.intent("find the character device /dev/fuse (10:229) in the /dev that is mounted")
                .isEmpty());
    }

    @Test
    void inAUserNamespaceTheHostsAreMounted() {
        LaunchedConfig config = inUserNamespace(with(FUSE, "{\"type\": \"p\", \"path\": \"/run/p\"}"));
        assertEquals(
                List.of(),
                config.calls(Syscall.MKNODAT).stream()
                        .filter(line -> line.contains("S_IFCHR"))
                        .toList());
        List<String> lines = config.lines("/linux/devices/0");
        assertTrue(
                lines.contains("host's device = openat(AT_FDCWD, \"/dev/fuse\", O_CLOEXEC|O_PATH)"), lines::toString);
        assertTrue(
                lines.contains(
                        "mount = open_tree(host's device, \"\"," + " OPEN_TREE_CLONE|AT_EMPTY_PATH|OPEN_TREE_CLOEXEC)"),
                lines::toString);
        assertTrue(config.calls(Syscall.OPENAT).stream().anyMatch(line -> line.contains("\"/dev/null\"")));
        assertTrue(config.lines("/linux/devices/1").stream().anyMatch(line -> line.contains("S_IFIFO")));
    }
}
