// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupPlace;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.CgroupPlaces;
import dev.jrun.launch.LaunchedConfig;
import dev.jrun.spec.Annotation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountsTest {

    private static final CgroupPlace UNIFIED = CgroupPlaces.unified("/sys/fs/cgroup/c1");

    private static final String OPENED_DIRECTORY = "target = openat2(root, \"%s\", {flags=O_DIRECTORY|O_CLOEXEC|O_PATH,"
            + " resolve=RESOLVE_NO_SYMLINKS|RESOLVE_IN_ROOT}, size=24)"
            + "  retrying EAGAIN, EINTR  on ENOENT, ELOOP go to missing, or a link";
    private static final String ATTACHED =
            "move_mount(mount, \"\", target, \"\", MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH)"
                    + "  on EINVAL go to refused";

    private static List<String> mount(String json) {
        return LaunchedConfig.byDefault().with("/mounts", "[" + json + "]").lines("/mounts/0");
    }

    private static List<String> beginningWith(List<String> lines, String... starts) {
        return lines.stream()
                .filter(line -> List.of(starts).stream().anyMatch(line::contains))
                .toList();
    }

    @Test
    void aFileSystemIsMadeWithItsOptionsAndAttached() {
        List<String> lines = mount("""
                {"destination": "/run", "type": "tmpfs", "source": "shm",
                 "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=64k", "noswap"]}
                """);
        assertEquals(
                List.of(
                        "context = fsopen(\"tmpfs\", FSOPEN_CLOEXEC)",
                        "fsconfig(context, FSCONFIG_SET_STRING, \"source\", \"shm\")",
                        "fsconfig(context, FSCONFIG_SET_STRING, \"mode\", \"1777\")",
                        "fsconfig(context, FSCONFIG_SET_STRING, \"size\", \"64k\")",
                        "fsconfig(context, FSCONFIG_SET_FLAG, \"noswap\")",
                        "fsconfig(context, FSCONFIG_CMD_CREATE)",
                        "mount = fsmount(context, FSMOUNT_CLOEXEC,"
                                + " MOUNT_ATTR_NOSUID|MOUNT_ATTR_NODEV|MOUNT_ATTR_NOEXEC)",
                        "close(context)",
                        "context = 0"),
                lines.subList(0, 9));
        assertEquals(OPENED_DIRECTORY.formatted("run"), lines.get(9));
        assertEquals(List.of(ATTACHED, "close(target)", "close(mount)"), lines.subList(10, 13));
    }

    @Test
    void anOptionOfAFileSystemIsNamedByItsOwnPointer() {
        var config = LaunchedConfig.byDefault().with("/mounts", """
                [{"destination": "/run", "type": "tmpfs", "options": ["nosuid", "mode=700", "size=64k"]}]""");
        assertEquals(
                List.of("fsconfig(context, FSCONFIG_SET_STRING, \"size\", \"64k\")"),
                config.lines("/mounts/0/options/2"));
    }

    @Test
    void aTmpfsWithoutAModeTakesOverThatOfTheDirectoryThatItHides() {
        List<String> lines = mount("{\"destination\": \"/t\", \"type\": \"tmpfs\", \"options\": [\"size=64k\"]}");
        assertEquals(
                List.of(
                        "made = 0",
                        OPENED_DIRECTORY.formatted("t"),
                        "if made != 0 go to the directory is new",
                        "statx(target, \"\", AT_EMPTY_PATH, STATX_BASIC_STATS, [buffer])",
                        "mode = u16 at [buffer+28]",
                        "mode = mode & 0xfff",
                        "fchmodat(mount, \".\", mode)",
                        ATTACHED),
                lines.subList(lines.indexOf("made = 0"), lines.indexOf(ATTACHED) + 1));
    }

    @Test
    void fileSystemsAreLabelledIfTheyCanBe() {
        var config = LaunchedConfig.byDefault()
                .with("/mounts", """
                        [{"destination": "/t", "type": "tmpfs"}, {"destination": "/dev/mqueue", "type": "mqueue"},
                         {"destination": "/b", "source": "/b", "options": ["bind"]}]""")
                .with("/linux/mountLabel", "\"system_u:object_r:container_file_t:s0:c1,c2\"");
        assertEquals(
                List.of("fsconfig(context, FSCONFIG_SET_STRING, \"context\","
                        + " \"system_u:object_r:container_file_t:s0:c1,c2\")"),
                config.lines("/linux/mountLabel"));
        config.with("/annotations", "{\"run.oci.mount_context_type\": \"rootcontext\"}");
        assertTrue(config.lines("/linux/mountLabel").getFirst().contains("\"context\""), "without the caller's word");
        config.allowing(Annotation.MOUNT_CONTEXT_TYPE);
        assertEquals(
                List.of("fsconfig(context, FSCONFIG_SET_STRING, \"rootcontext\","
                        + " \"system_u:object_r:container_file_t:s0:c1,c2\")"),
                config.lines("/linux/mountLabel"));
    }

    @Test
    void mountsWithTheSameMappingShareAUserNamespace() {
        String mapping = "\"uidMappings\": [{\"containerID\": 0, \"hostID\": %d, \"size\": 9}],"
                + " \"gidMappings\": [{\"containerID\": 0, \"hostID\": 7, \"size\": 9}]";
        String mount = "{\"destination\": \"/%s\", \"source\": \"/s\", \"options\": [%s], " + mapping + "}";
        var config = LaunchedConfig.byDefault()
                .with(
                        "/mounts",
                        "["
                                + mount.formatted("a", "\"bind\"", 5) + ","
                                + mount.formatted("b", "\"rbind\", \"ridmap\", \"ro\"", 5) + ","
                                + mount.formatted("c", "\"rbind\", \"idmap\"", 6) + "]");
        assertEquals(
                2, beginningWith(config.calls(Syscall.CLONE), "CLONE_NEWUSER").size());
        List<String> second = config.lines("/mounts/1");
        assertEquals(
                List.of(
                        "mount_setattr(mount, \"\", AT_EMPTY_PATH|AT_RECURSIVE, {propagation=MS_SLAVE}, size=32)",
                        "mount_setattr(mount, \"\", AT_EMPTY_PATH|AT_RECURSIVE,"
                                + " {attr_set=MOUNT_ATTR_IDMAP, userns_fd=user namespace}, size=32)",
                        "mount_setattr(mount, \"\", AT_EMPTY_PATH, {attr_set=MOUNT_ATTR_RDONLY}, size=32)"),
                beginningWith(second, "mount_setattr("));
        assertEquals(1, beginningWith(second, "open_tree(").size());
    }

    @Test
    void aCopyAllowsNoMoreThanTheMountThatItHides() {
        String template = "[{\"destination\": \"/t\", \"type\": \"tmpfs\", \"options\": [\"tmpcopyup\", %s]}]";
        assertEquals(
                List.of("NOSUID", "NODEV", "NOEXEC", "NOSYMFOLLOW"),
                forbidden(LaunchedConfig.byDefault().with("/mounts", template.formatted("\"mode=755\""))));
        assertEquals(
                List.of("NOSUID", "NOSYMFOLLOW"),
                forbidden(LaunchedConfig.byDefault().with("/mounts", template.formatted("\"dev\", \"rexec\""))));
    }

    private static List<String> forbidden(LaunchedConfig config) {
        List<String> lines = config.lines("/mounts/0");
        int look = indexBeginningWith(lines, "fstatfs(target");
        return beginningWith(lines.subList(look, lines.size()), "mount_setattr(").stream()
                .map(line -> line.replaceAll(".*attr_set=MOUNT_ATTR_(\\w+).*", "$1"))
                .toList();
    }

    private static int indexBeginningWith(List<String> lines, String prefix) {
        return lines.indexOf(beginningWith(lines, prefix).getFirst());
    }

    @Test
    void aTmpfsIsFilledOnlyIfAskedFor() {
        String template = "[{\"destination\": \"/t\", \"type\": \"tmpfs\", \"options\": [\"mode=755\"%s]}]";
        assertEquals(
                List.of(),
                LaunchedConfig.byDefault()
                        .with("/mounts", template.formatted(""))
                        .calls(Syscall.GETDENTS64));
        assertEquals(
                1,
                LaunchedConfig.byDefault()
                        .with("/mounts", template.formatted(", \"tmpcopyup\""))
                        .calls(Syscall.GETDENTS64)
                        .size());
    }

    @Test
    void recursiveAttributesAreForAllBelow() {
        List<String> lines = mount(
                "{\"destination\": \"/d\", \"source\": \"/s\", \"options\": [\"rbind\", \"ro\", \"rnosuid\", \"rexec\", \"rnoatime\"]}");
        assertEquals(
                List.of(
                        "mount_setattr(mount, \"\", AT_EMPTY_PATH, {attr_set=MOUNT_ATTR_RDONLY}, size=32)",
                        "mount_setattr(mount, \"\", AT_EMPTY_PATH|AT_RECURSIVE,"
                                + " {attr_set=MOUNT_ATTR_NOSUID, attr_clr=MOUNT_ATTR_NOEXEC}, size=32)",
                        "mount_setattr(mount, \"\", AT_EMPTY_PATH|AT_RECURSIVE,"
                                + " {attr_set=MOUNT_ATTR_NOATIME, attr_clr=MOUNT_ATTR__ATIME}, size=32)"),
                beginningWith(lines, "mount_setattr("));
    }

    @Test
    void aRemountChangesWhatIsThere() {
        List<String> lines = LaunchedConfig.byDefault().with("/mounts", """
                        [{"destination": "/proc", "type": "proc"},
                         {"destination": "/proc", "type": "proc", "options": ["remount", "nosuid", "hidepid=2"]}]""").lines("/mounts/1");
        assertTrue(
                lines.contains(
                        "mount(\"proc\", \"/proc/self/fd/<target>\", NULL, MS_NOSUID|MS_REMOUNT, \"hidepid=2\")"),
                lines::toString);
        assertEquals(List.of(), beginningWith(lines, "move_mount(", "fsopen("));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"destination\": \"/other\", \"type\": \"tmpfs\"}",
                "{\"destination\": \"/d\", \"source\": \"/s\", \"options\": [\"bind\"]}",
                "{\"destination\": \"/d\", \"type\": \"devtmpfs\"}",
                "{\"destination\": \"/d\", \"type\": \"ext4\", \"source\": \"/dev/sda1\"}",
                "{\"destination\": \"/d\", \"type\": \"cgroup\"}"
            })
    void aFileSystemThatTheHostMayUseIsNotChangedAsAWhole(String before) {
        String mounts =
                "[" + before + ", {\"destination\": \"/d\", \"type\": \"tmpfs\", \"options\": [\"remount\", \"ro\"]}]";
        assertEquals(
                List.of("fail with EINVAL"),
                LaunchedConfig.byDefault().with("/mounts", mounts).lines("/mounts/1"));
    }

    @Test
    void ofANamespaceOfItsOwnAContainerMayChangeTheFileSystem() {
        var config = LaunchedConfig.byDefault().with("/mounts", """
                        [{"destination": "/q", "type": "mqueue"},
                         {"destination": "/q", "type": "mqueue", "options": ["remount", "ro"]}]""");
        assertEquals(1, beginningWith(config.lines("/mounts/1"), "mount(").size());
        config.with(
                "/linux/namespaces",
                "[{\"type\": \"mount\"}, {\"type\": \"uts\"}, {\"type\": \"ipc\", \"path\": \"/ipc\"}]");
        assertEquals(List.of("fail with EINVAL"), config.lines("/mounts/1"));
    }

    @Test
    void procAndSysfsGoToNoLink() {
        for (String type : List.of("proc", "sysfs")) {
            String open = mount("{\"destination\": \"/%s\", \"type\": \"%s\"}".formatted(type, type)).stream()
                    .filter(line -> line.contains("openat2("))
                    .findFirst()
                    .orElseThrow();
            assertTrue(open.contains("RESOLVE_NO_SYMLINKS") && open.endsWith("  on ENOENT go to missing"), open);
        }
    }

    @Test
    void whateverIsMountedInPlaceOfProcSysAndDevGoesToNoLink() {
        for (String place : List.of("proc", "sys", "dev")) {
            for (String mount : List.of("\"type\": \"tmpfs\"", "\"source\": \"/s\", \"options\": [\"rbind\"]")) {
                if (place.equals("proc") && mount.contains("tmpfs")) {
                    continue; // spec refuses it
                }
                String open = mount("{\"destination\": \"//%s/.\", %s}".formatted(place, mount)).stream()
                        .filter(line -> line.contains("openat2("))
                        .findFirst()
                        .orElseThrow();
                assertTrue(open.contains("RESOLVE_NO_SYMLINKS") && open.endsWith("  on ENOENT go to missing"), open);
            }
        }
    }

    @Test
    void aReadOnlyFileSystemIsSoInItsSuperblockToo() {
        List<String> lines = mount("{\"destination\": \"/sys\", \"type\": \"sysfs\", \"options\": [\"ro\"]}");
        assertTrue(lines.contains("fsconfig(context, FSCONFIG_SET_STRING, \"source\", \"sysfs\")"));
        assertTrue(lines.contains("fsconfig(context, FSCONFIG_SET_FLAG, \"ro\")"));
        assertTrue(lines.contains("mount = fsmount(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY)"));
    }

    @Test
    void accessTimesAreAsAskedFor() {
        String template = "{\"destination\": \"/t\", \"type\": \"tmpfs\", \"options\": [\"%s\"]}";
        assertTrue(mount(template.formatted("strictatime"))
                .contains("mount = fsmount(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_STRICTATIME)"));
        assertTrue(mount(template.formatted("noatime"))
                .contains("mount = fsmount(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOATIME)"));
        assertTrue(mount(template.formatted("relatime")).contains("mount = fsmount(context, FSMOUNT_CLOEXEC, 0)"));
    }

    @Test
    void allMissingPlacesAreMadeByTheSameInstructions() {
        var config = LaunchedConfig.byDefault().with("/mounts", """
                [{"destination": "/a/./b/../c", "type": "tmpfs"}, {"destination": "/d", "type": "mqueue"}]""");
        assertEquals(
                OPENED_DIRECTORY.formatted("a/c"),
                beginningWith(config.lines("/mounts/0"), "openat2(").getFirst());
        assertEquals(
                List.of(
                        "mkdirat(parent, text, 0755)  on EEXIST go to a link",
                        "mkdirat(parent, text, 0755)  on EEXIST go to a link"),
                config.calls(Syscall.MKDIRAT));
        assertEquals(
                List.of("mknodat(parent, text, S_IFREG|0755, 0)  on EEXIST go to a link"),
                beginningWith(config.calls(Syscall.MKNODAT), "S_IFREG"));
    }

    @Test
    void aBindIsACopyOfTheHostsMount() {
        List<String> lines = mount(
                "{\"destination\": \"/data\", \"source\": \"/srv/data\", \"options\": [\"rbind\", \"ro\", \"nosuid\"]}");
        assertEquals(
                "mount = open_tree(AT_FDCWD, \"/srv/data\", OPEN_TREE_CLONE|AT_RECURSIVE|OPEN_TREE_CLOEXEC)",
                lines.get(0));
        assertEquals(
                "mount_setattr(mount, \"\", AT_EMPTY_PATH, {attr_set=MOUNT_ATTR_RDONLY|MOUNT_ATTR_NOSUID}, size=32)",
                lines.get(1));
    }

    @Test
    void aBindChangesOnlyWhatIsAskedFor() {
        List<String> plain = mount("{\"destination\": \"/d\", \"source\": \"/s\", \"options\": [\"bind\"]}");
        assertEquals("mount = open_tree(AT_FDCWD, \"/s\", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC)", plain.getFirst());
        assertEquals(List.of(), beginningWith(plain, "mount_setattr("));
        List<String> cleared =
                mount("{\"destination\": \"/d\", \"source\": \"/s\", \"options\": [\"bind\", \"rw\", \"noatime\"]}");
        assertEquals(
                List.of(
                        "mount_setattr(mount, \"\", AT_EMPTY_PATH, {attr_clr=MOUNT_ATTR_RDONLY}, size=32)",
                        "mount_setattr(mount, \"\", AT_EMPTY_PATH,"
                                + " {attr_set=MOUNT_ATTR_NOATIME, attr_clr=MOUNT_ATTR__ATIME}, size=32)"),
                beginningWith(cleared, "mount_setattr("));
    }

    @Test
    void aRelativeBindSourceIsInTheBundle() {
        List<String> lines = mount("{\"destination\": \"/etc/hosts\", \"source\": \"hosts\", \"options\": [\"bind\"]}");
        assertTrue(lines.getFirst().contains("open_tree(AT_FDCWD, \"/bundle/hosts\", "));
    }

    @Test
    void theLinkItselfIsMountedIfTheSourceIsNotFollowed() {
        List<String> lines =
                mount("{\"destination\": \"/d\", \"source\": \"/s\", \"options\": [\"bind\", \"src-nofollow\"]}");
        assertEquals(
                "mount = open_tree(AT_FDCWD, \"/s\", OPEN_TREE_CLONE|AT_SYMLINK_NOFOLLOW|OPEN_TREE_CLOEXEC)",
                lines.getFirst());
        assertEquals(List.of(), beginningWith(lines, "symlinkat("));
    }

    @Test
    void theLinkItselfIsMountedOverIfTheDestinationIsNotFollowed() {
        var config = LaunchedConfig.byDefault().with("/mounts", """
                [{"destination": "/a/../d/e", "source": "/s", "options": ["bind", "dest-nofollow"]},
                 {"destination": "/f", "source": "/s", "options": ["bind"]},
                 {"destination": "/d/e", "options": ["bind", "remount", "ro", "dest-nofollow"], "source": "/s"},
                 {"destination": "/other", "options": ["bind", "remount", "ro", "dest-nofollow"], "source": "/s"}]""");
        assertEquals(
                List.of("target = openat2(root, \"d/e\", {flags=O_NOFOLLOW|O_CLOEXEC|O_PATH,"
                        + " resolve=RESOLVE_NO_SYMLINKS|RESOLVE_IN_ROOT}, size=24)"
                        + "  retrying EAGAIN, EINTR  on ENOENT, ELOOP go to missing, or a link"),
                beginningWith(config.lines("/mounts/0"), "openat2("));
        // What was mounted under that name has a descriptor; nothing else is reached by a link.
        assertEquals(List.of(), beginningWith(config.lines("/mounts/2"), "openat2("));
        assertEquals(
                List.of("target = openat2(root, \"other\", {flags=O_CLOEXEC|O_PATH,"
                        + " resolve=RESOLVE_NO_SYMLINKS|RESOLVE_IN_ROOT}, size=24)  retrying EAGAIN, EINTR"),
                beginningWith(config.lines("/mounts/3"), "openat2("));
        List<String> missing = config.intent("open a place in the root file system, and make what of it is missing");
        assertEquals(
                List.of("over a link = 0", "over a link = 1", "over a link = 0"),
                beginningWith(missing, "over a link = "));
        assertEquals(
                1,
                beginningWith(missing, "openat2(root, path, {flags=O_NOFOLLOW|O_CLOEXEC|O_PATH,")
                        .size());
    }

    @Test
    void noLinkIsMountedOverUnlessAskedFor() {
        var config = LaunchedConfig.byDefault()
                .with("/mounts", "[{\"destination\": \"/f\", \"source\": \"/s\", \"options\": [\"bind\"]}]");
        List<String> missing = config.intent("open a place in the root file system, and make what of it is missing");
        assertEquals(List.of(), beginningWith(missing, "over a link", "O_NOFOLLOW"));
    }

    @Test
    void aLinkIsCopiedAndAnythingElseMounted() {
        var config = LaunchedConfig.byDefault().with("/mounts", """
                [{"destination": "/d/e", "source": "/s", "options": ["rbind", "ro", "copy-symlink"]},
                 {"destination": "/f", "source": "/t", "options": ["bind", "copy-symlink"]}]""");
        List<String> lines = config.lines("/mounts/0");
        assertEquals(
                List.of(
                        "mount = open_tree(AT_FDCWD, \"/s\","
                                + " OPEN_TREE_CLONE|AT_SYMLINK_NOFOLLOW|AT_RECURSIVE|OPEN_TREE_CLOEXEC)",
                        "statx(mount, \"\", AT_EMPTY_PATH, STATX_BASIC_STATS, [buffer])",
                        "type = u16 at [buffer+28]",
                        "type = type & S_IFMT",
                        "if type != S_IFLNK go to no link, or mounted",
                        OPENED_DIRECTORY.formatted("d"),
                        "name = \"e\""),
                lines.subList(0, 7));
        assertEquals(
                List.of("mount_setattr(mount, \"\", AT_EMPTY_PATH, {attr_set=MOUNT_ATTR_RDONLY}, size=32)", ATTACHED),
                beginningWith(lines, "mount_setattr(", "move_mount("));
        assertEquals(
                OPENED_DIRECTORY.formatted("."),
                beginningWith(config.lines("/mounts/1"), "openat2(").getFirst());
        assertEquals(
                List.of(
                        "length = readlinkat(mount, \"\", [buffer], size=4096)",
                        "symlinkat([buffer], target, name)  on EEXIST go to something is there",
                        "length there = readlinkat(target, name, [buffer], size=4096)"
                                + "  on EINVAL go to something else is there"),
                beginningWith(config.intent("copy a symbolic link"), "linkat("));
    }

    @Test
    void idMappingsInAnOptionMapTheMount() {
        var config = LaunchedConfig.byDefault().with("/mounts", """
                [{"destination": "/a", "source": "/s", "options": ["bind", "idmap=uids=0-5-9#9-50-1;gids=0-7-9"]},
                 {"destination": "/b", "source": "/s", "options": ["rbind", "ridmap=gids=0-7-9;uids=0-5-9#9-50-1"]},
                 {"destination": "/c", "source": "/s", "options": ["bind", "src-nofollow", "idmap=uids=0-5-9;gids=0-7-9"]}]""");
        assertEquals(
                List.of("write(uid_map, \"0 5 9\\n9 50 1\\n\", size=13)", "write(gid_map, \"0 7 9\\n\", size=6)"),
                beginningWith(config.lines("/mounts/0/options/1"), "write("));
        assertEquals(
                2, beginningWith(config.calls(Syscall.CLONE), "CLONE_NEWUSER").size());
        assertEquals(
                List.of("mount_setattr(mount, \"\", AT_EMPTY_PATH|AT_RECURSIVE,"
                        + " {attr_set=MOUNT_ATTR_IDMAP, userns_fd=user namespace}, size=32)"),
                beginningWith(config.lines("/mounts/1"), "MOUNT_ATTR_IDMAP"));
        assertEquals(
                List.of("mount = open_tree(AT_FDCWD, \"/s\","
                        + " OPEN_TREE_CLONE|AT_SYMLINK_NOFOLLOW|OPEN_TREE_CLOEXEC)"),
                beginningWith(config.lines("/mounts/2"), "open_tree("));
    }

    @Test
    void relativeIdMappingsAreCountedInTheUserNamespace() {
        var config = LaunchedConfig.byDefault()
                .with("/linux/namespaces", """
                        [{"type": "mount"}, {"type": "user"}, {"type": "pid"}, {"type": "network"}, {"type": "ipc"}]""")
                .with("/linux/uidMappings", """
                        [{"containerID": 0, "hostID": 0, "size": 1}, {"containerID": 1, "hostID": 2, "size": 1000}]""")
                .with("/linux/gidMappings", "[{\"containerID\": 0, \"hostID\": 70, \"size\": 10}]")
                .without("/hostname")
                .with("/mounts", """
                        [{"destination": "/a", "source": "/s", "options": ["bind", "idmap=uids=@1-3-10;gids=@0-0-5#5-9-1"]}]""");
        assertEquals(
                List.of("write(uid_map, \"1 4 10\\n\", size=7)", "write(gid_map, \"0 70 5\\n5 9 1\\n\", size=13)"),
                beginningWith(config.lines("/mounts/0/options/1"), "write("));
    }

    @ParameterizedTest
    @CsvSource({"sync", "dirsync", "mand", "lazytime", "ro"})
    void aFlagOfANewFileSystemIsAParameter(String option) {
        String mount = "{\"destination\": \"/p\", \"type\": \"mqueue\", \"options\": [\"%s\"]}";
        assertEquals(
                List.of("fsconfig(context, FSCONFIG_SET_FLAG, \"" + option + "\")"),
                beginningWith(mount(mount.formatted(option)), "FSCONFIG_SET_FLAG"));
    }

    @ParameterizedTest
    @CsvSource({"iversion, MS_I_VERSION", "silent, MS_SILENT"})
    void aFlagThatIsNoParameterIsForMount(String option, String flag) {
        String mount = "{\"destination\": \"/t\", \"type\": \"tmpfs\", \"options\": [\"%s\", \"mode=700\"]}";
        List<String> lines = mount(mount.formatted(option));
        assertEquals(
                List.of("mount(\"tmpfs\", \"/proc/self/fd/<staging>/directory\", \"tmpfs\", " + flag
                        + ", \"mode=700\")"),
                beginningWith(lines, "mount(\""));
        assertEquals(List.of(), beginningWith(lines, "fsopen("));
    }

    @ParameterizedTest
    @CsvSource({"async", "nomand", "nolazytime", "noiversion", "loud", "rw", "rasync", "rnomand"})
    void aFlagThatANewFileSystemLacksIsNotTakenAway(String option) {
        String mount = "{\"destination\": \"/t\", \"type\": \"tmpfs\", \"options\": [\"%s\", \"mode=700\"]}";
        assertEquals(mount(mount.formatted("defaults")), mount(mount.formatted(option)));
    }

    @Test
    void flagsOfFileSystemsBelowAreThoseOfANewOne() {
        List<String> lines = mount(
                "{\"destination\": \"/t\", \"type\": \"tmpfs\", \"options\": [\"rsync\", \"rdirsync\", \"rmand\", \"rnomand\"]}");
        assertEquals(
                List.of(
                        "fsconfig(context, FSCONFIG_SET_FLAG, \"sync\")",
                        "fsconfig(context, FSCONFIG_SET_FLAG, \"dirsync\")"),
                beginningWith(lines, "FSCONFIG_SET_FLAG"));
    }

    @Test
    void propagationIsSetOnTheMountBeforeItIsAttached() {
        List<String> lines = mount(
                "{\"destination\": \"/d\", \"source\": \"/s\", \"options\": [\"bind\", \"rshared\", \"unbindable\"]}");
        assertEquals(
                List.of(
                        "mount_setattr(mount, \"\", AT_EMPTY_PATH|AT_RECURSIVE, {propagation=MS_SHARED}, size=32)",
                        "mount_setattr(mount, \"\", AT_EMPTY_PATH, {propagation=MS_UNBINDABLE}, size=32)"),
                beginningWith(lines, "mount_setattr("));
    }

    @Test
    void aNewCgroupNamespaceGetsItsOwnMountOfCgroup2() {
        List<String> lines = LaunchedConfig.byDefault().in(UNIFIED).lines("/mounts/6");
        assertEquals("context = fsopen(\"cgroup2\", FSOPEN_CLOEXEC)", lines.getFirst());
        assertEquals(
                List.of("mount = fsmount(context, FSMOUNT_CLOEXEC,"
                        + " MOUNT_ATTR_RDONLY|MOUNT_ATTR_NOSUID|MOUNT_ATTR_NODEV|MOUNT_ATTR_NOEXEC)"),
                beginningWith(lines, "fsmount("));
        assertEquals(List.of(), beginningWith(lines, "\"ro\""));
    }

    @Test
    void theHostsCgroupNamespaceGetsACopyOfTheHostsMount() {
        List<String> lines = LaunchedConfig.byDefault()
                .in(UNIFIED)
                .with("/linux/namespaces", "[{\"type\": \"mount\"}, {\"type\": \"uts\"}]")
                .with("/mounts", "[{\"destination\": \"/sys/fs/cgroup\", \"type\": \"cgroup\"}]")
                .lines("/mounts/0");
        assertEquals(
                "mount = open_tree(AT_FDCWD, \"/sys/fs/cgroup\", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC)", lines.getFirst());
    }

    @Test
    void anOptionOfThatCopyIsWhatAFailureToSetItIsAbout() {
        LaunchedConfig config = LaunchedConfig.byDefault()
                .in(UNIFIED)
                .with("/linux/namespaces", "[{\"type\": \"mount\"}, {\"type\": \"uts\"}]")
                .with(
                        "/mounts",
                        "[{\"destination\": \"/sys/fs/cgroup\", \"type\": \"cgroup\", \"options\": [\"ro\", \"relatime\"]}]");
        assertEquals(
                List.of("mount_setattr(mount, \"\", AT_EMPTY_PATH,"
                        + " {attr_set=MOUNT_ATTR_RDONLY, attr_clr=MOUNT_ATTR__ATIME}, size=32)"),
                config.lines("/mounts/0/options/1"));
    }

    @Test
    void eachLegacyHierarchyIsMountedInATmpfsWithLinksToItsControllers() {
        var legacy = CgroupPlaces.legacy(Map.of("cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct/c1"));
        List<String> lines = LaunchedConfig.byDefault().in(legacy).lines("/mounts/6");
        assertEquals(
                List.of(
                        "context = fsopen(\"tmpfs\", FSOPEN_CLOEXEC)",
                        "mkdirat(hierarchies, \"cpu,cpuacct\", 0755)",
                        "context = fsopen(\"cgroup\", FSOPEN_CLOEXEC)",
                        "fsconfig(context, FSCONFIG_SET_FLAG, \"cpu\")",
                        "fsconfig(context, FSCONFIG_SET_FLAG, \"cpuacct\")",
                        "symlinkat(\"cpu,cpuacct\", hierarchies, \"cpu\")  ignoring EEXIST",
                        "symlinkat(\"cpu,cpuacct\", hierarchies, \"cpuacct\")  ignoring EEXIST"),
                beginningWith(lines, "fsopen(", "mkdirat(hierarchies", "FSCONFIG_SET_FLAG", "symlinkat("));
    }

    /** And not by its path from the root, which may lead elsewhere by now. */
    @Test
    void whereALegacyHierarchyGoesIsOpenedInTheNewTmpfs() {
        var legacy = CgroupPlaces.legacy(Map.of("cpu", "/sys/fs/cgroup/cpu/c1"));
        List<String> lines = LaunchedConfig.byDefault().in(legacy).lines("/mounts/6");
        assertEquals(
                List.of("target = openat(hierarchies, \"cpu\", O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC|O_PATH)"),
                beginningWith(lines, "target = openat("));
        assertEquals(List.of(), beginningWith(lines, "openat2(root, \"sys/fs/cgroup/cpu\""));
    }

    @Test
    void theUnifiedHierarchyIsMountedBesideLegacyOnesIfItsTypeIsAskedFor() {
        var hybrid = CgroupPlaces.hybrid("/sys/fs/cgroup/unified/c1", Map.of("cpu", "/sys/fs/cgroup/cpu/c1"));
        LaunchedConfig config = LaunchedConfig.byDefault()
                .in(hybrid)
                .with("/mounts", "[{\"destination\": \"/sys/fs/cgroup\", \"type\": \"cgroup2\"}]");
        assertEquals(
                "context = fsopen(\"cgroup2\", FSOPEN_CLOEXEC)",
                config.lines("/mounts/0").getFirst());
    }

    @Test
    void optionsOfAFileSystemMayBeJoinedByCommas() {
        List<String> lines = LaunchedConfig.byDefault()
                .with(
                        "/mounts",
                        "[{\"destination\": \"/t\", \"type\": \"tmpfs\", \"options\": [\"\", \"size=4k,mode=700\"]}]")
                .lines("/mounts/0/options/1");
        assertEquals(
                List.of(
                        "fsconfig(context, FSCONFIG_SET_STRING, \"size\", \"4k\")",
                        "fsconfig(context, FSCONFIG_SET_STRING, \"mode\", \"700\")"),
                lines);
    }

    @Test
    void deviceFilesAndLinksAreMade() {
        List<String> lines = LaunchedConfig.byDefault().lines("/root/path");
        assertTrue(lines.contains("mknodat(dev, \"null\", S_IFCHR|0666, makedev(1, 3))  ignoring EEXIST"));
        assertTrue(lines.contains("mknodat(dev, \"tty\", S_IFCHR|0666, makedev(5, 0))  ignoring EEXIST"));
        assertTrue(lines.contains("symlinkat(\"/proc/self/fd/2\", dev, \"stderr\")  ignoring EEXIST"));
        assertTrue(lines.contains("unlinkat(dev, \"ptmx\", 0)  ignoring ENOENT"));
        assertTrue(lines.contains("symlinkat(\"pts/ptmx\", dev, \"ptmx\")"));
    }

    @Test
    void theHostsDevIsLeftAsItIs() {
        var config = LaunchedConfig.byDefault()
                .with("/mounts", "[{\"destination\": \"/dev/\", \"source\": \"/dev\", \"options\": [\"rbind\"]}]");
        assertEquals(List.of(), config.calls(Syscall.SYMLINKAT));
    }

    @Test
    void aReadOnlyDevIsFilledFirst() {
        var config = LaunchedConfig.byDefault()
                .with("/mounts", "[{\"destination\": \"/dev\", \"type\": \"tmpfs\", \"options\": [\"ro\"]}]");
        assertEquals(List.of(), beginningWith(config.lines("/mounts/0"), "\"ro\""));
        assertEquals(
                List.of("mount_setattr(mount, \"\", AT_EMPTY_PATH, {attr_set=MOUNT_ATTR_RDONLY}, size=32)"),
                beginningWith(config.intent("mount tmpfs on /dev read-only"), "mount_setattr("));
        assertTrue(config.indexOf("make /dev/null") < config.indexOf("mount tmpfs on /dev read-only"));
    }

    @Test
    void theRootIsReadOnlyIfItIsToBeAndAfterAllElseWasMade() {
        var config = LaunchedConfig.byDefault();
        assertEquals(
                List.of("mount_setattr(root, \"\", AT_EMPTY_PATH, {attr_set=MOUNT_ATTR_RDONLY}, size=32)"),
                config.lines("/root/readonly"));
        assertTrue(config.indexOf("mask /proc/scsi") < config.indexOf("make the root file system read-only"));
        assertEquals(
                List.of(),
                LaunchedConfig.byDefault().with("/root/readonly", "false").lines("/root/readonly"));
    }

    @Test
    void theContainersMountsAreCutOffFromTheHosts() {
        assertEquals(
                List.of("mount(NULL, \"/\", NULL, MS_REC|MS_SLAVE, NULL)"),
                LaunchedConfig.byDefault().lines("/linux/rootfsPropagation"));
        assertEquals(
                List.of(
                        "mount(NULL, \"/\", NULL, MS_REC|MS_PRIVATE, NULL)",
                        "mount(NULL, \"/\", NULL, MS_REC|MS_PRIVATE, NULL)"),
                LaunchedConfig.byDefault()
                        .with("/linux/rootfsPropagation", "\"rprivate\"")
                        .lines("/linux/rootfsPropagation"));
        assertEquals(
                List.of("mount(NULL, \"/\", NULL, MS_REC|MS_SLAVE, NULL)", "mount(NULL, \"/\", NULL, MS_SHARED, NULL)"),
                LaunchedConfig.byDefault()
                        .with("/linux/rootfsPropagation", "\"shared\"")
                        .lines("/linux/rootfsPropagation"));
    }

    @Test
    void theRootIsThatOfTheBundle() {
        String open = "root = openat(AT_FDCWD, \"%s\", O_DIRECTORY|O_CLOEXEC|O_PATH)";
        assertTrue(LaunchedConfig.byDefault().lines("/root/path").contains(open.formatted("/bundle/rootfs")));
        assertTrue(LaunchedConfig.byDefault()
                .with("/root/path", "\"/images/a\"")
                .lines("/root/path")
                .contains(open.formatted("/images/a")));
    }

    private static List<String> changes(String options, String pointer) {
        var config = LaunchedConfig.byDefault()
                .with("/mounts", "[{\"destination\": \"/b\", \"source\": \"/b\", \"options\": [" + options + "]}]");
        return beginningWith(config.lines("/mounts/0" + pointer), "mount_setattr");
    }

    /** In a user namespace each may be refused for itself. */
    @Test
    void whatAnOptionTakesBackIsChangedForItself() {
        String options = "\"rbind\", \"nosuid\", \"rw\", \"dev\", \"rexec\", \"rrelatime\"";
        assertEquals(
                List.of(
                        "mount_setattr(mount, \"\", AT_EMPTY_PATH, {attr_set=MOUNT_ATTR_NOSUID, attr_clr=MOUNT_ATTR_RDONLY}, size=32)"),
                changes(options, "/options/2"));
        assertEquals(
                List.of("mount_setattr(mount, \"\", AT_EMPTY_PATH, {attr_clr=MOUNT_ATTR_NODEV}, size=32)"),
                changes(options, "/options/3"));
        assertEquals(
                List.of(
                        "mount_setattr(mount, \"\", AT_EMPTY_PATH|AT_RECURSIVE, {attr_clr=MOUNT_ATTR_NOEXEC}, size=32)"),
                changes(options, "/options/4"));
        assertEquals(
                List.of(
                        "mount_setattr(mount, \"\", AT_EMPTY_PATH|AT_RECURSIVE, {attr_clr=MOUNT_ATTR__ATIME}, size=32)"),
                changes(options, "/options/5"));
        assertEquals(4, changes(options, "").size());
    }

    @Test
    void whatOptionsForbidIsOneChange() {
        assertEquals(
                List.of("mount_setattr(mount, \"\", AT_EMPTY_PATH,"
                        + " {attr_set=MOUNT_ATTR_RDONLY|MOUNT_ATTR_NOSUID|MOUNT_ATTR_NODEV}, size=32)"),
                changes("\"bind\", \"ro\", \"nosuid\", \"nodev\"", ""));
    }
}
