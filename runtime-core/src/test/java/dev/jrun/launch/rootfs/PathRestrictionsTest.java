// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.launch.LaunchedConfig;
import dev.jrun.launch.part.CallerRights;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PathRestrictionsTest {

    private static final String OPENED = " = openat2(mount above, \"%s\", {flags=O_CLOEXEC|O_PATH,"
            + " resolve=RESOLVE_NO_MAGICLINKS|RESOLVE_BENEATH}, size=24)"
            + "  retrying EAGAIN, EINTR  on ENOENT, ENOTDIR go to absent";
    private static final String OPENED_IN_ROOT = " = openat2(root, \"%s\", {flags=O_CLOEXEC|O_PATH,"
            + " resolve=RESOLVE_NO_MAGICLINKS|RESOLVE_IN_ROOT}, size=24)"
            + "  retrying EAGAIN, EINTR  on ENOENT, ENOTDIR go to absent";
    private static final String ATTACHED =
            "move_mount(mount, \"\", target, \"\", MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH)";

    @Test
    void aReadOnlyPathGetsAReadOnlyCopyOfItself() {
        assertEquals(
                List.of(
                        "mount above = u64 at [buffer]",
                        "target" + OPENED.formatted("bus"),
                        "mount = open_tree(target, \"\","
                                + " OPEN_TREE_CLONE|AT_EMPTY_PATH|AT_RECURSIVE|OPEN_TREE_CLOEXEC)",
                        "mount_setattr(mount, \"\", AT_EMPTY_PATH, {attr_set=MOUNT_ATTR_RDONLY}, size=32)",
                        ATTACHED,
                        "close(mount)",
                        "close(target)"),
                LaunchedConfig.byDefault().lines("/linux/readonlyPaths/0"));
    }

    @Test
    void aMaskedFileGetsTheNullDeviceAndAMaskedDirectoryAnEmptyOne() {
        List<String> place = LaunchedConfig.byDefault().lines("/linux/maskedPaths/2");
        assertEquals("target" + OPENED.formatted("kcore"), place.getFirst());
        assertTrue(place.contains("go to cover"));
        assertTrue(place.contains("fail with errno of cover"));
        List<String> lines = LaunchedConfig.byDefault().intent("cover what is to be masked");
        assertTrue(lines.contains("if type == S_IFDIR go to directory"));
        assertTrue(lines.contains("mount = open_tree(null, \"\", OPEN_TREE_CLONE|AT_EMPTY_PATH|OPEN_TREE_CLOEXEC)"));
        assertTrue(lines.contains("mount = open_tree(empty, \"\", OPEN_TREE_CLONE|AT_EMPTY_PATH|OPEN_TREE_CLOEXEC)"));
        assertTrue(lines.contains("empty = fsmount(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY)"));
        assertTrue(lines.contains(ATTACHED));
    }

    /** What else is mounted there is on the way; links of a volume may lead out of it. */
    @Test
    void pathsAreLookedForFromTheFileSystemsOfTheKernelAndElseInTheRoot() {
        var config = LaunchedConfig.byDefault().with("/mounts", """
                        [{"destination": "/proc", "type": "proc"},
                         {"destination": "/proc/stat", "source": "/s", "options": ["bind"]},
                         {"destination": "/data", "source": "/s", "options": ["bind"]},
                         {"destination": "/sys/", "source": "/sys", "options": ["rbind"]},
                         {"destination": "/other/proc", "type": "proc"},
                         {"destination": "/other", "type": "tmpfs"}]""").with("/linux/readonlyPaths", """
                        ["/proc/stat", "/sys/a/b", "/data/a", "/procs", "/sys", "/other/x"]""");
        List<String> expected = List.of(
                OPENED.formatted("stat"),
                OPENED.formatted("a/b"),
                OPENED_IN_ROOT.formatted("data/a"),
                OPENED_IN_ROOT.formatted("procs"),
                OPENED.formatted("."),
                OPENED_IN_ROOT.formatted("other/x"));
        for (int i = 0; i < expected.size(); i++) {
            String opened = "target" + expected.get(i);
            List<String> lines = config.lines("/linux/readonlyPaths/" + i);
            assertTrue(lines.contains(opened), lines::toString);
        }
        for (int i = 0; i < 6; i++) {
            assertEquals(i != 0 && i != 3, config.lines("/mounts/" + i).contains("close(mount)"), "/mounts/" + i);
        }
    }

    @Test
    void whatIsListedTwiceIsRestrictedOnce() {
        String twice = "[\"/proc/keys\", \"/proc/keys\", \"/proc/./keys/\", \"/proc/acpi\", \"proc/keys\"]";
        var config =
                LaunchedConfig.byDefault().with("/linux/maskedPaths", twice).with("/linux/readonlyPaths", twice);
        for (String list : List.of("/linux/maskedPaths/", "/linux/readonlyPaths/")) {
            for (int i = 0; i < 5; i++) {
                assertEquals(i == 0 || i == 3, !config.lines(list + i).isEmpty(), list + i);
            }
        }
    }

    @Test
    void anEmptyPathNamesNothing() {
        var config = LaunchedConfig.byDefault()
                .with("/linux/maskedPaths", "[\"\", \"/proc/keys\"]")
                .with("/linux/readonlyPaths", "[\"\", \"/\"]");
        assertEquals(List.of(), config.lines("/linux/maskedPaths/0"));
        assertEquals(List.of(), config.lines("/linux/readonlyPaths/0"));
        assertEquals(
                List.of("mount_setattr(root, \"\", AT_EMPTY_PATH, {attr_set=MOUNT_ATTR_RDONLY}, size=32)"),
                config.lines("/linux/readonlyPaths/1"));
    }

    @Test
    void everyConfiguredPathIsRestricted() {
        var config = LaunchedConfig.byDefault();
        assertTrue(IntStream.range(0, 10)
                .allMatch(i -> config.lines("/linux/maskedPaths/" + i).contains("go to cover")));
        assertTrue(IntStream.range(0, 5)
                .allMatch(i -> config.lines("/linux/readonlyPaths/" + i).contains(ATTACHED)));
    }

    @Test
    void whatMasksFilesIsMadeSureToBeTheNullDevice() {
        isTheNullDevice(
                LaunchedConfig.byDefault().intent("open the container's /dev/null"),
                "null = openat(dev, \"null\", O_NOFOLLOW|O_CLOEXEC|O_PATH)");
        isTheNullDevice(
                LaunchedConfig.byDefault()
                        .of(new CallerRights(false, true, true, true))
                        .intent("open the host's /dev/null"),
                "null = openat(AT_FDCWD, \"/dev/null\", O_NOFOLLOW|O_CLOEXEC|O_PATH)");
    }

    /** What others do with the host's can be watched by a mask, and a mask be locked for them. */
    @Test
    void onlyWhereTheContainerHasNoNullDeviceOfItsOwnTheHostsMasks() {
        var device = "[{\"path\": \"/dev/%s\", \"type\": \"c\", \"major\": 1, \"minor\": 3}]";
        var over = "{\"destination\": \"/dev/null\", \"source\": \"/dev/null\", \"options\": [\"bind\"]}";
        var dev = "[{\"destination\": \"/dev\", \"type\": \"%s\", \"source\": \"s\", \"options\": [%s]}]";
        masksWithTheHosts(false, LaunchedConfig.byDefault());
        masksWithTheHosts(false, LaunchedConfig.byDefault().with("/linux/devices", device.formatted("other")));
        masksWithTheHosts(true, LaunchedConfig.byDefault().with("/linux/devices", device.formatted("null")));
        masksWithTheHosts(true, LaunchedConfig.byDefault().without("/mounts"));
        masksWithTheHosts(true, LaunchedConfig.byDefault().with("/mounts", dev.formatted("tmpfs", "\"tmpcopyup\"")));
        masksWithTheHosts(true, LaunchedConfig.byDefault().with("/mounts", dev.formatted("none", "\"bind\"")));
        masksWithTheHosts(
                true,
                LaunchedConfig.byDefault()
                        .with("/mounts", dev.formatted("tmpfs", "").replace("}]", "}, " + over + "]")));
    }

    private static void masksWithTheHosts(boolean expected, LaunchedConfig config) {
        assertEquals(expected, !config.intent("open the host's /dev/null").isEmpty());
        assertEquals(expected, config.intent("open the container's /dev/null").isEmpty());
    }

    private static void isTheNullDevice(List<String> lines, String opened) {
        assertTrue(lines.contains(opened), lines::toString);
        assertTrue(lines.contains("if type != S_IFCHR go to not the null device"));
        assertTrue(lines.contains("if major != 1 go to not the null device"));
        assertTrue(lines.contains("if minor == 3 go to the null device"));
        assertTrue(lines.contains("fail with ENODEV"));
    }

    @Test
    void withoutMaskedPathsNothingOfTheHostIsOpenedForThem() {
        assertEquals(
                List.of(),
                LaunchedConfig.byDefault().with("/linux/maskedPaths", "[]").lines("/linux/maskedPaths"));
    }

    /** Nothing that the configuration can have hides them, and one look at each path is enough. */
    @Test
    void aKernelFilesystemInTheRootIsLookedAtAlone() {
        for (String sys : List.of(
                "\"type\": \"sysfs\"", "\"type\": \"none\", \"source\": \"/sys\", \"options\": [\"rbind\", \"ro\"]")) {
            var config = LaunchedConfig.byDefault().with("/mounts", """
                            [{"destination": "/proc", "type": "proc"},
                             {"destination": "/sys", %s},
                             {"destination": "/data", "source": "/s", "options": ["bind"]},
                             {"destination": "/sys/fs/cgroup", "type": "cgroup"}]""".formatted(sys));
            for (String path : List.of("/linux/maskedPaths/2", "/linux/maskedPaths/9", "/linux/readonlyPaths/0")) {
                assertEquals(1, opened(config.lines(path)), path);
            }
        }
    }

    /** What would be masked could be what nobody sees. */
    @Test
    void whereAKernelFilesystemMayBeHiddenTheRootIsLookedAtToo() {
        for (String mounts : List.of(
                "{\"destination\": \"/a/sys\", \"type\": \"sysfs\"}",
                "{\"destination\": \"/sys\", \"source\": \"/volume\", \"options\": [\"bind\"]}",
                "{\"destination\": \"/sys\", \"type\": \"sysfs\"}, {\"destination\": \"/sys\", \"type\": \"cgroup\"}")) {
            String path = mounts.contains("/a/sys") ? "a/sys/x" : "sys/x";
            var config = LaunchedConfig.byDefault()
                    .with("/mounts", "[" + mounts + "]")
                    .with("/linux/maskedPaths", "[\"/" + path + "\"]");
            List<String> lines = config.lines("/linux/maskedPaths/0");
            assertTrue(lines.contains("target" + OPENED.formatted("x")), lines::toString);
            assertTrue(lines.contains("target" + OPENED_IN_ROOT.formatted(path)), lines::toString);
        }
    }

    @Test
    void whatADoubleDotMayLeadToIsRestrictedToo() {
        var config = LaunchedConfig.byDefault().with("/linux/maskedPaths", """
                        ["/secret", "/link/../secret", "/link/../proc/keys", "/sys/../link", "/secret/"]""");
        assertOpened(config.lines("/linux/maskedPaths/0"), OPENED_IN_ROOT.formatted("secret"));
        assertOpened(config.lines("/linux/maskedPaths/1"), OPENED_IN_ROOT.formatted("link/../secret"));
        assertOpened(
                config.lines("/linux/maskedPaths/2"),
                OPENED.formatted("keys"),
                OPENED_IN_ROOT.formatted("link/../proc/keys"));
        assertOpened(
                config.lines("/linux/maskedPaths/3"),
                OPENED_IN_ROOT.formatted("link"),
                OPENED_IN_ROOT.formatted("sys/../link"));
        assertOpened(config.lines("/linux/maskedPaths/4"));
    }

    private static void assertOpened(List<String> lines, String... opened) {
        assertEquals(opened.length, opened(lines), lines::toString);
        for (String each : opened) {
            assertTrue(lines.contains("target" + each), lines::toString);
        }
    }

    private static long opened(List<String> lines) {
        return lines.stream().filter(line -> line.contains("openat2")).count();
    }
}
