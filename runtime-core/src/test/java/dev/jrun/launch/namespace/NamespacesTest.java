// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupPlace;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.NewerCall;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.CgroupPlaces;
import dev.jrun.launch.LaunchedConfig;
import dev.jrun.launch.part.CallerRights;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.program.Instruction;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which namespaces init is in, and how it comes there. */
class NamespacesTest {

    private static final CgroupPlace UNIFIED = CgroupPlaces.unified("/sys/fs/cgroup/c1");

    private static final String HIDE = "prctl(PR_SET_DUMPABLE, 0)";
    private static final String USER = "{\"type\": \"user\"}";
    private static final String MAPPINGS = """
            [{"containerID": 0, "hostID": 100000, "size": 1000}, {"containerID": 1000, "hostID": 1000, "size": 1}]""";

    /** With the default configuration's namespaces replaced by a mount namespace and these. */
    private static LaunchedConfig with(String... namespaces) {
        return LaunchedConfig.byDefault()
                .without("/hostname")
                .with(
                        "/linux/namespaces",
                        "[{\"type\": \"mount\"}"
                                + String.join(
                                        "",
                                        Stream.of(namespaces)
                                                .map(one -> ", " + one)
                                                .toList()) + "]");
    }

    private static LaunchedConfig mapped(LaunchedConfig config) {
        return config.with("/mounts", "[]").with("/linux/uidMappings", MAPPINGS).with("/linux/gidMappings", MAPPINGS);
    }

    private static String joined(String type) {
        return "{\"type\": \"%s\", \"path\": \"/run/%s\"}".formatted(type, type);
    }

    private static String made(String type) {
        return "{\"type\": \"%s\"}".formatted(type);
    }

    private static List<String> failures(LaunchedConfig config) {
        return LaunchedConfig.failures(config.create().program(), Errno.EINVAL);
    }

    private static List<String> passingCredentials(LaunchedConfig config) {
        return config.calls(Syscall.SETSOCKOPT).stream()
                .filter(line -> line.contains("SO_PASSCRED"))
                .toList();
    }

    @Test
    void theDefaultContainerJoinsNothingAndHasOneProcess() {
        var config = LaunchedConfig.byDefault();
        assertEquals(List.of(), config.calls(Syscall.SETNS));
        assertEquals(List.of(), passingCredentials(config));
        assertEquals(1, config.calls(Syscall.CLONE3).size());
    }

    @Test
    void whatIsJoinedIsOpenedByTheShimAndEnteredByInit() {
        var config = with(joined("network"));
        List<String> lines = config.lines("/linux/namespaces/1/path");
        assertEquals("place = openat(AT_FDCWD, \"/run/network\", O_CLOEXEC|O_PATH)", lines.getFirst());
        assertTrue(lines.contains("type = ioctl(namespace, NS_GET_NSTYPE)"), lines.toString());
        assertTrue(lines.contains("if type == 1073741824 go to the right type"), lines.toString());
        assertEquals(List.of("setns(namespace, CLONE_NEWNET)"), config.calls(Syscall.SETNS));
        int init = config.create().initStart();
        assertTrue(config.indexOf("open the network namespace /run/network") < init);
        assertTrue(config.indexOf("close the network namespace") < init);
        assertTrue(config.indexOf("enter the network namespace /run/network") > init);
    }

    @Test
    void aFileThatIsNoNamespaceOfTheTypeIsRefused() {
        assertEquals(
                List.of(
                        "config.json#/linux/namespaces/1/path: /run/uts is not a namespace: invalid argument",
                        "config.json#/linux/namespaces/1/path: /run/uts is a namespace of another type than uts: invalid"
                                + " argument"),
                failures(with(joined("uts"))));
    }

    @Test
    void theCallersOwnNamespaceIsNotChanged() {
        String own = "the caller's own would change, since /run/uts is its uts namespace: invalid argument";
        var named = with(joined("uts")).with("/hostname", "\"a\"").with("/domainname", "\"b\"");
        assertTrue(failures(named)
                .containsAll(List.of("config.json#/hostname: " + own, "config.json#/domainname: " + own)));
        var changing = with(joined("network"), joined("ipc"))
                .with("/linux/sysctl", "{\"net.ipv4.ip_forward\": \"1\", \"kernel.sem\": \"1\"}");
        assertTrue(failures(changing)
                .containsAll(List.of(
                        "config.json#/linux/sysctl/net.ipv4.ip_forward: the caller's own would change, since"
                                + " /run/network is its network namespace: invalid argument",
                        "config.json#/linux/sysctl/kernel.sem: the caller's own would change, since /run/ipc is its"
                                + " ipc namespace: invalid argument")));
    }

    /** A new mount in the caller's cgroup namespace would show its cgroups, not the container's alone. */
    @Test
    void inTheCallersCgroupNamespaceCgroupsAreMountedAsWithoutOne() {
        var config = with(joined("cgroup"))
                .in(UNIFIED)
                .with("/mounts", "[{\"destination\": \"/sys/fs/cgroup\", \"type\": \"cgroup\"}]");
        List<String> lines = config.lines("/mounts/0");

        int caller = lines.indexOf("if is the caller's != 0 go to the caller's cgroup namespace");
        int made = lines.indexOf("context = fsopen(\"cgroup2\", FSOPEN_CLOEXEC)");
        int copied =
                lines.indexOf("mount = open_tree(AT_FDCWD, \"/sys/fs/cgroup\", OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC)");
        assertTrue(0 <= caller && caller < made && made < copied, lines::toString);
        assertTrue(lines.subList(made, copied).contains("go to cgroups mounted"), lines::toString);
    }

    @Test
    void aMountNamespaceIsJoinedLast() {
        var config = LaunchedConfig.byDefault()
                .without("/hostname")
                .with("/linux/namespaces", "[%s, %s, %s]".formatted(joined("mount"), joined("network"), made("time")));
        assertEquals(
                List.of(
                        "setns(namespace, CLONE_NEWNET)",
                        "setns(time namespace, CLONE_NEWTIME)",
                        "setns(namespace, CLONE_NEWNS)"),
                config.calls(Syscall.SETNS));
        assertTrue(failures(config)
                .contains(
                        "config.json#/linux/namespaces/0/path: /run/mount is the caller's mount namespace, a container"
                                + " needs another: invalid argument"));
    }

    @Test
    void inAPidNamespaceThatIsJoinedInitHasAPredecessor() {
        var config = with(joined("pid"), made("cgroup"), made("network")).in(UNIFIED);
        assertTrue(config.calls(Syscall.CLONE3).getFirst().startsWith("pid = clone3({flags=CLONE_CLEAR_SIGHAND|"));
        assertEquals(
                "successor = clone(CLONE_PARENT|CLONE_NEWNS|CLONE_NEWCGROUP, NULL, NULL, NULL, NULL)",
                config.calls(Syscall.CLONE).getLast());
        assertTrue(config.indexOf("enter the pid namespace /run/pid")
                < config.indexOf("tell the shim which process is init"));
        assertEquals(2, passingCredentials(config).size());
    }

    @Test
    void everyProcessOfALaunchDiesWithTheShim() {
        String armed = "prctl(PR_SET_PDEATHSIG, SIGKILL)";
        long usual = count(with(), armed);
        assertEquals(usual + 1, count(with(joined("pid")), armed));
        assertEquals(usual + 1, count(mapped(with(USER)), armed));
        assertEquals(usual + 2, count(with(joined("user")), armed));
    }

    private static long count(LaunchedConfig config, String line) {
        return config.calls(Syscall.PRCTL).stream().filter(line::equals).count();
    }

    @Test
    void aNewUserNamespaceIsMadeWithInitAndOwnsTheOthers() {
        var config = mapped(with(USER, made("network"), made("ipc"), made("pid")));
        assertEquals(
                List.of("pid = clone3({flags=CLONE_NEWNS|CLONE_NEWUSER|CLONE_NEWPID|CLONE_NEWNET|CLONE_CLEAR_SIGHAND,"
                        + " exit_signal=SIGCHLD}, size=88)"),
                config.calls(Syscall.CLONE3));
        assertEquals(List.of("unshare(CLONE_NEWIPC)"), config.calls(Syscall.UNSHARE));
        assertTrue(config.indexOf("become root of the user namespace") < config.indexOf("enter a new ipc namespace"));
    }

    /** As the container's root it would count for a user who may be root of many containers. */
    @Test
    void theSessionKeyringIsMadeBeforeInitBecomesAnotherUser() {
        String keyring = "join a new session keyring (--no-new-keyring avoids it)";
        for (LaunchedConfig config : List.of(mapped(with(USER)), with(joined("user")))) {
            assertTrue(config.create().initStart() < config.indexOf(keyring));
            assertTrue(config.indexOf(keyring) < config.indexOf("become root of the user namespace"));
            assertEquals(2, config.calls(Syscall.KEYCTL).size());
        }
    }

    @Test
    void theShimMapsAllRangesAtOnce() {
        var config = mapped(with(USER));
        assertTrue(
                config.lines("/linux/uidMappings").contains("write(map, \"0 100000 1000\\n1000 1000 1\\n\", size=26)"));
        int init = config.create().initStart();
        int mapped = config.indexOf("map user ids: 1000 from 0 to 100000, 1 from 1000 to 1000");
        assertTrue(mapped < init);
        assertTrue(mapped < config.indexOf("map group ids: 1000 from 0 to 100000, 1 from 1000 to 1000"));
        assertTrue(config.indexOf("wait until the user namespace is mapped")
                < config.indexOf("become root of the user namespace"));
    }

    @Test
    void setgroupsIsDeniedOnlyWhereGroupsCannotBeMappedOtherwise() {
        List<String> lines = mapped(with(USER)).lines("/linux/gidMappings");
        assertTrue(lines.contains(
                "write(map, \"0 100000 1000\\n1000 1000 1\\n\", size=26)  on EPERM go to group map denied"));
        assertEquals(
                1,
                lines.stream()
                        .filter(line -> line.equals("write(map, \"deny\", size=4)"))
                        .count());
    }

    @Test
    void initOfACallerWhoIsNotRootStaysInspectableUntilItIsMapped() {
        CallerRights user = new CallerRights(false, false, false, true);
        assertEquals(2, count(mapped(with(USER)).of(user), HIDE));
        assertEquals(4, count(with(joined("user")).of(user), HIDE));
        assertEquals(3, count(mapped(with(USER, joined("pid"))).of(user), HIDE));
        assertEquals(2, count(with().of(user), HIDE));
    }

    /** With fs.suid_dumpable=1 it could be looked into else. */
    @Test
    void initHidesAgainRightAfterWhatUndoesIt() {
        for (LaunchedConfig config : List.of(
                with(),
                mapped(with(USER)),
                with(joined("user")),
                with(joined("user"), joined("pid"), joined("network")))) {
            List<String> calls = LaunchedConfig.calls(config.create().program());
            for (int i = 0; i < calls.size(); i++) {
                if (calls.get(i).matches("setns\\(.*CLONE_NEWUSER.*|setresuid\\(.*")) {
                    assertEquals(HIDE, calls.get(i + 1), calls.get(i));
                }
            }
            assertTrue(calls.stream().anyMatch(call -> call.startsWith("setresuid(")));
        }
    }

    @Test
    void initOfRootIsBornHidden() {
        Set<NewerCall> newer = Set.of(NewerCall.CLONE3, NewerCall.CLONE_INTO_CGROUP);
        for (KernelCalls kernel : List.of(KernelCalls.all(), LaunchedConfig.kernelWithout(newer))) {
            for (LaunchedConfig config : List.of(
                    with(),
                    mapped(with(USER)),
                    mapped(with(USER, joined("pid"))),
                    mapped(with(USER, joined("network"))),
                    with(joined("user")))) {
                assertHiddenAtFirstBirth(config.on(kernel));
            }
        }
    }

    @Test
    void whatMapsTheIdsOfMountsIsBornHidden() {
        String mappings = "[{\"containerID\": 0, \"hostID\": 5, \"size\": 9}]";
        var config = with().with("/mounts", """
                [{"destination": "/a", "source": "/s", "options": ["bind"], "uidMappings": %s, "gidMappings": %s}]""".formatted(mappings, mappings));
        assertTrue(config.calls(Syscall.CLONE).getFirst().contains("CLONE_NEWUSER"));
        assertHiddenAtFirstBirth(config);
        // Who may not trace could not open the namespace of a process that is hidden.
        var without = config.of(new CallerRights(true, true, false, true));
        assertTrue(firstOf(without, Syscall.CLONE) < firstOf(without, Syscall.PRCTL));
        assertTrue(firstOf(without, Syscall.PRCTL) < firstOf(without, Syscall.CLONE3));
    }

    private static void assertHiddenAtFirstBirth(LaunchedConfig config) {
        assertTrue(config.calls(Syscall.PRCTL).getFirst().equals(HIDE), config.calls(Syscall.PRCTL)::toString);
        int hidden = firstOf(config, Syscall.PRCTL);
        assertTrue(hidden < firstOf(config, Syscall.CLONE));
        assertTrue(hidden < firstOf(config, Syscall.CLONE3));
    }

    /** Where the first of these calls is; if there is none, behind all that are. */
    private static int firstOf(LaunchedConfig config, Syscall syscall) {
        List<Instruction> instructions = config.create().program().instructions();
        for (int i = 0; i < instructions.size(); i++) {
            if (instructions.get(i) instanceof Instruction.SystemCall call && call.call() == syscall) {
                return i;
            }
        }
        return instructions.size();
    }

    @Test
    void theRootFileSystemIsOpenedBeforeInitIsAnotherUser() {
        var config = mapped(with(USER));
        assertTrue(config.indexOf("open the root file system /bundle/rootfs")
                < config.indexOf("become root of the user namespace"));
        assertTrue(config.indexOf("become root of the user namespace") < config.indexOf("mount the root file system"));
    }

    @Test
    void namespacesAreTriedBeforeAndAfterAUserNamespaceIsJoined() {
        assertEquals(
                List.of(
                        "setns(namespace, CLONE_NEWNET)  on EPERM go to enter it later",
                        "setns(namespace, CLONE_NEWUSER)",
                        "setns(namespace, CLONE_NEWNET)"),
                with(joined("user"), joined("network")).calls(Syscall.SETNS));
        assertEquals(
                List.of("successor = clone(CLONE_PARENT|CLONE_NEWNS|CLONE_NEWPID, NULL, NULL, NULL, NULL)"),
                with(joined("user"), made("pid")).calls(Syscall.CLONE).subList(1, 2));
    }

    @Test
    void whatANewUserNamespaceDoesNotOwnIsJoinedBefore() {
        var config = mapped(with(USER, joined("network"), made("pid")));
        assertEquals(List.of("setns(namespace, CLONE_NEWNET)"), config.calls(Syscall.SETNS));
        assertEquals(
                "successor = clone(CLONE_PARENT|CLONE_NEWNS|CLONE_NEWUSER|CLONE_NEWPID, NULL, NULL, NULL, NULL)",
                config.calls(Syscall.CLONE).getLast());
        assertTrue(config.indexOf("enter the network namespace /run/network")
                < config.indexOf("wait until the user namespace is mapped"));
    }

    @Test
    void clocksGetTheirOffsetsBeforeInitEntersTheirNamespace() {
        var config = with(made("time"))
                .with(
                        "/linux/timeOffsets",
                        "{\"monotonic\": {\"secs\": -5, \"nanosecs\": 7}, \"boottime\": {\"secs\": 86400}}");
        assertEquals(List.of("unshare(CLONE_NEWTIME)"), config.calls(Syscall.UNSHARE));
        assertEquals(
                "write(time offsets, \"monotonic -5 7\\nboottime 86400 0\\n\", size=32)",
                config.lines("/linux/timeOffsets").get(1));
        assertFalse(config.calls(Syscall.CLONE3).getFirst().contains("CLONE_NEWTIME"));
        assertEquals(
                List.of(
                        "time namespace = openat(AT_FDCWD, \"/proc/self/ns/time_for_children\", O_RDONLY|O_CLOEXEC)",
                        "setns(time namespace, CLONE_NEWTIME)",
                        "close(time namespace)"),
                config.intent("enter the new time namespace"));
        assertEquals(List.of(), with(made("time")).lines("/linux/timeOffsets"));
    }

    @Test
    void limitsAreRaisedFromOutsideAUserNamespace() {
        var config = mapped(with(USER))
                .with("/process/rlimits", "[{\"type\": \"RLIMIT_NOFILE\", \"soft\": 512, \"hard\": 1024}]");
        assertEquals(
                List.of(
                        "prlimit64(pid, RLIMIT_NOFILE, NULL, [buffer])",
                        "present limit = u64 at [buffer+8]",
                        "present limit = present limit + -9223372036854775808",
                        "if present limit >= -9223372036854774784 go to high enough",
                        "u64 at [buffer+8] = 1024",
                        "prlimit64(pid, RLIMIT_NOFILE, {rlim_cur=0, rlim_max=0}, NULL)"),
                config.intent("allow RLIMIT_NOFILE of 512:1024"));
        assertEquals(
                List.of("prlimit64(0, RLIMIT_NOFILE, {rlim_cur=512, rlim_max=1024}, NULL)"),
                config.intent("set RLIMIT_NOFILE to 512:1024"));
    }

    @Test
    void groupsAreDroppedOnceInAUserNamespace() {
        assertEquals(
                List.of("setgroups(0, NULL)  ignoring EPERM"),
                mapped(with(USER)).calls(Syscall.SETGROUPS));
        assertEquals(
                List.of("setgroups(0, NULL)  ignoring EPERM", "setgroups(size=1, [10])"),
                mapped(with(USER)).with("/process/user/additionalGids", "[10]").calls(Syscall.SETGROUPS));
    }
}
