// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers whose root is nobody on the host. */
class UserNamespaceIT extends RealContainers {

    private Execution run(Bundle bundle) {
        return run(jrun, bundle);
    }

    private Execution run(OciRuntime runtime, Bundle bundle) {
        return runtime.call("run", "--bundle", bundle.path(), sandbox.newId());
    }

    private Bundle bundle() {
        return sandbox.bundle().inUserNamespace();
    }

    /** unshare -r gives setgroups(2) up to map the group. */
    @Test
    void whereGroupsCannotBeSetNoneAreAskedFor() {
        OciRuntime inside = jrun.behind("unshare", "-rm", "env", "JRUN_ENGINE_IDLE=0");
        Bundle bundle = sandbox.bundle()
                .without("/linux/resources")
                .with("/mounts/2/options", "[\"newinstance\", \"ptmxmode=0666\"]") // no gid, which is not mapped
                .runs("id", "-u");

        assertEquals("0\n", run(inside, bundle).succeeds().output());

        run(inside, bundle.with("/process/user/additionalGids", "[0]"))
                .failsWith("config.json#/process/user/additionalGids: set supplementary groups [0]: ");
    }

    /** Which groups init has is not for the namespace to say that it joins: there, they could not be dropped. */
    @ParameterizedTest
    @CsvSource({"false,''", "true,65534 65534"})
    void whereGroupsCannotBeSetTheCallersStayOnlyIfAskedTo(boolean kept, String groups) throws IOException {
        Programs.need("setpriv");
        OciRuntime member = jrun.behind("setpriv", "--groups", "5,6");
        try (Unshared other = Unshared.open("--user")) {
            Files.writeString(Path.of("/proc/" + other.pid(), "setgroups"), "deny");
            Bundle bundle = sandbox.bundle()
                    .joining("user", other.mapped().file("user"))
                    .runs("sed", "-n", "s/^Groups:\\t//p", "/proc/self/status");
            if (kept) {
                bundle.with("/annotations", "{\"run.oci.keep_original_groups\": \"1\"}");
            }

            assertEquals(
                    groups,
                    member.call(
                                    "--allow-annotation=run.oci.keep_original_groups",
                                    "run",
                                    "--bundle",
                                    bundle.path(),
                                    sandbox.newId())
                            .succeeds()
                            .output()
                            .strip());
        }
    }

    /** The root file system belongs to the container's root, as that of an image that was unpacked for it does. */
    private static Bundle owned(Bundle bundle) {
        Programs.run(
                "chown",
                "-R",
                Bundle.FIRST_ID + ":" + Bundle.FIRST_ID,
                bundle.rootfs().toString());
        return bundle;
    }

    private static long owner(Path file) throws IOException {
        return ((Integer) Files.getAttribute(file, "unix:uid")).longValue();
    }

    private Path process(String id) {
        return Path.of("/proc/" + jrun.state(id).get("pid").asLong());
    }

    @Test
    void rootInsideIsAnotherUserOutside() throws IOException {
        String id = sandbox.newId();
        jrun.call("create", "--bundle", bundle().runs("sleep", "1000").path(), id)
                .succeeds();
        assertEquals("created", jrun.status(id));
        jrun.call("start", id).succeeds();
        jrun.awaitStatus(id, "running");
        assertEquals(Bundle.FIRST_ID, owner(process(id)));
        assertTrue(jrun.call("list").output().contains(id));
        jrun.call("kill", id, "KILL").succeeds();
        jrun.awaitStatus(id, "stopped");
        jrun.call("delete", id).succeeds();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--log"})
    void whatIsDoneCanBeWatched(String log) throws IOException {
        Path file = directory.resolve("log");
        List<String> global = log.isEmpty() ? List.of("--debug") : List.of("--debug", log, file.toString());
        Execution run = watched(global, "run", bundle().runsScript("exit 7"), sandbox.newId());
        assertEquals(7, run.code(), run::toString);
        String id = sandbox.newId();
        Execution create =
                watched(global, "create", bundle().runs("sleep", "1000"), id).succeeds();
        String said = log.isEmpty() ? create.errors() : Files.readString(file);
        assertTrue(said.contains("level=debug"), said);
        jrun.call("delete", "--force", id).succeeds();
        sandbox.assertNothingIsLeft();
    }

    private Execution watched(List<String> global, String command, Bundle bundle, String id) {
        List<String> words = new ArrayList<>(global);
        words.addAll(List.of(command, "--bundle", bundle.path(), id));
        return jrun.call(words.toArray(String[]::new));
    }

    /** Who is not root of the host may have 200 keys, which would be as many containers of one user. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itsKeyringIsNoneOfItsUsersKeys(boolean joined) throws IOException {
        long user = 1_000_000_000 + ProcessHandle.current().pid();
        String mappings = "[{\"containerID\": 0, \"hostID\": %d, \"size\": 65536}]".formatted(user);
        Bundle bundle = sandbox.bundle().runs("sleep", "1000");
        try (Unshared other = Unshared.open("--user").mapped(user)) {
            if (joined) {
                bundle.joining("user", other.file("user"));
            } else {
                bundle.with("/linux/namespaces/-", "{\"type\": \"user\"}")
                        .with("/linux/uidMappings", mappings)
                        .with("/linux/gidMappings", mappings);
            }
            String id = sandbox.newId();

            jrun.call("create", "--bundle", bundle.path(), id).succeeds();

            assertEquals(
                    List.of(),
                    Files.readAllLines(Path.of("/proc/key-users")).stream()
                            .filter(line -> line.strip().startsWith(user + ":"))
                            .toList());
            jrun.call("delete", "--force", id).succeeds();
        }
    }

    @Test
    void severalRangesAreMapped() {
        Bundle bundle = sandbox.bundle()
                .with("/linux/namespaces/-", "{\"type\": \"user\"}")
                .with("/linux/uidMappings", """
                        [{"containerID": 0, "hostID": 100000, "size": 1000},
                         {"containerID": 1000, "hostID": 1000, "size": 1},
                         {"containerID": 1001, "hostID": 101001, "size": 64535}]""")
                .with("/linux/gidMappings", """
                        [{"containerID": 0, "hostID": 200000, "size": 10},
                         {"containerID": 10, "hostID": 10, "size": 1}]""")
                .runsScript("id -u; tr -s ' ' < /proc/self/uid_map; tr -s ' ' < /proc/self/gid_map");
        assertEquals(
                List.of("0", " 0 100000 1000", " 1000 1000 1", " 1001 101001 64535", " 0 200000 10", " 10 10 1"),
                run(bundle).succeeds().lines());
    }

    @Test
    void theUserNamespaceOwnsTheOthers() {
        String capabilities = "[\"CAP_SYS_ADMIN\", \"CAP_NET_ADMIN\"]";
        Bundle bundle =
                bundle().runsScript("hostname mine && ip link set lo down && mount -t tmpfs none /tmp && hostname");
        for (String set : List.of("bounding", "effective", "permitted")) {
            bundle.with("/process/capabilities/" + set, capabilities);
        }
        assertEquals("mine\n", run(bundle).succeeds().output());
    }

    @Test
    void whatItMakesBelongsToItsRoot() throws IOException {
        Bundle bundle = owned(bundle())
                .with("/root/readonly", "false")
                .with("/process/cwd", "\"/made/by/runtime\"")
                .runsScript("touch /made/by/container; stat -c '%u %g' /made /made/by/container");
        assertEquals("0 0\n0 0\n", run(bundle).succeeds().output());
        for (String path : List.of("made", "made/by/runtime", "made/by/container")) {
            assertEquals(Bundle.FIRST_ID, owner(bundle.rootfs().resolve(path)), path);
        }
    }

    @Test
    void theRootFileSystemMayBeWhereOnlyTheCallerCanGo() throws IOException {
        Bundle bundle = bundle().runs("true");
        Files.setPosixFilePermissions(bundle.directory(), PosixFilePermissions.fromString("rwx------"));
        run(bundle).succeeds();
    }

    @Test
    void aHostOwnedRootFileSystemIsReadOnlyForItsRoot() {
        Bundle bundle = bundle().with("/root/readonly", "false").runsScript("stat -c %u /etc; touch /etc/file 2>&1");
        assertEquals("65534\ntouch: /etc/file: Permission denied\n", run(bundle).output());
    }

    @Test
    void theDefaultDevicesWork() {
        String script = "head -c 2 /dev/zero | od -An -tx1; echo gone > /dev/null; head -c 1 /dev/urandom | wc -c;"
                + " echo full 2>&1 > /dev/full; readlink /dev/fd; test -w /dev/ptmx && echo ptmx";
        assertEquals(
                List.of(" 00 00", "1", "sh: write error: No space left on device", "/proc/self/fd", "ptmx"),
                run(bundle().runsScript(script)).lines());
    }

    @Test
    void pathsAreMaskedAndReadOnly() {
        String script = "cat /proc/keys; ls /sys/firmware; echo 1 > /proc/sys/net/ipv4/ip_forward;"
                + " umount /proc/keys 2>/dev/null || echo masked";
        assertEquals(
                List.of("sh: can't create /proc/sys/net/ipv4/ip_forward: Read-only file system", "masked"),
                run(bundle().runsScript("exec 2>&1; " + script)).lines());
    }

    @Test
    void groupsAndUsersAreThoseOfTheNamespace() {
        Bundle bundle = bundle().with("/process/user", "{\"uid\": 1000, \"gid\": 1001, \"additionalGids\": [10, 20]}")
                .runsScript("id -u; id -G");
        assertEquals(List.of("1000", "1001 10 20"), run(bundle).succeeds().lines());
        run(bundle().with("/process/user/uid", "70000"))
                .failsWith("config.json#/process/user/uid: become user 70000: invalid argument"
                        + " (not mapped in the container's user namespace)");
    }

    @Test
    void limitsAreSet() {
        Bundle bundle =
                bundle().with("/process/rlimits", """
                        [{"type": "RLIMIT_NOFILE", "soft": 100, "hard": 200}, {"type": "RLIMIT_NPROC", "soft": 50, "hard": 60}]""").runsScript("ulimit -Sn; ulimit -Hn; ulimit -Su; ulimit -Hu");
        assertEquals(List.of("100", "200", "50", "60"), run(bundle).succeeds().lines());
    }

    /** As its caller may, who has CAP_SYS_NICE: nice, rt_priority and policy of /proc/PID/stat, proc_pid_stat(5). */
    @ParameterizedTest
    @CsvSource(delimiterString = " | ", textBlock = """
            {"policy": "SCHED_OTHER", "nice": -7} | -7 0 0
            {"policy": "SCHED_BATCH", "nice": 11} | 11 0 3
            {"policy": "SCHED_OTHER", "nice": -7, "flags": ["SCHED_FLAG_RESET_ON_FORK"]} | -7 0 0
            {"policy": "SCHED_DEADLINE", "runtime": 100000, "deadline": 10000000} | 0 0 6
            """)
    void isScheduledAsAskedFor(String scheduler, String found) throws IOException {
        String hook = "[{\"path\": \"/bin/busybox\", \"args\": [\"true\"]}]";
        Bundle bundle = bundle().with("/process/scheduler", scheduler)
                .with("/hooks", "{\"createRuntime\": " + hook + ", \"createContainer\": " + hook + "}")
                .runs("sleep", "1000");
        String id = sandbox.newId();
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        String[] stat = Files.readString(process(id).resolve("stat")).split(" ");
        assertEquals(found, stat[18] + " " + stat[39] + " " + stat[40]);
    }

    @ParameterizedTest
    @CsvSource({"IOPRIO_CLASS_RT, 2, realtime: prio 2", "IOPRIO_CLASS_BE, 7, best-effort: prio 7"})
    void hasItsIoPriority(String ioClass, int priority, String found) {
        Bundle bundle = bundle().with(
                        "/process/ioPriority", "{\"class\": \"" + ioClass + "\", \"priority\": " + priority + "}")
                .runsScript("ionice -p 1; ionice");
        assertEquals(found + "\n" + found + "\n", run(bundle).succeeds().output());
    }

    @Test
    void whatItsCallerMayNotGiveIsSaid() {
        Programs.need("setpriv");
        var prefixed = new OciRuntime(
                jrun.name(), List.of("setpriv", "--bounding-set=-sys_nice"), jrun.program(), jrun.root());
        Bundle bundle = bundle().with("/process/scheduler", "{\"policy\": \"SCHED_OTHER\", \"nice\": -7}");
        run(prefixed, bundle)
                .failsWith("config.json#/process/scheduler: schedule by SCHED_OTHER: operation not permitted"
                        + " (to lower the nice value takes CAP_SYS_NICE)");
        bundle.with(
                "/process/scheduler", "{\"policy\": \"SCHED_DEADLINE\", \"runtime\": 100000, \"deadline\": 10000000}");
        run(prefixed, bundle)
                .failsWith(
                        "config.json#/process/scheduler: allow to schedule by SCHED_DEADLINE: operation not permitted"
                                + " (it takes CAP_SYS_NICE and a cpuset of all CPUs)");
        // What takes no privilege is init's to set.
        run(
                        prefixed,
                        bundle.with("/process/scheduler", "{\"policy\": \"SCHED_OTHER\", \"nice\": 7}")
                                .runs("true"))
                .succeeds();
        sandbox.assertNothingIsLeft();
    }

    @Test
    void anotherContainersUserNamespaceIsJoinedWithNewOnesOfItsOwn() throws IOException {
        String id = sandbox.newId();
        jrun.call("run", "--detach", "--bundle", bundle().runs("sleep", "1000").path(), id)
                .succeeds();
        Path namespaces = process(id).resolve("ns");
        Bundle second = sandbox.bundle()
                .joining("user", namespaces.resolve("user"))
                .runsScript("cd /proc/self/ns; readlink user; readlink net; hostname; id -u; touch /dev/shm/file");
        List<String> lines = run(second).succeeds().lines();
        assertEquals(Unshared.identity(namespaces.resolve("user")), lines.get(0));
        assertNotEquals(Unshared.identity(namespaces.resolve("net")), lines.get(1));
        assertEquals(List.of("runc", "0"), lines.subList(2, 4));
    }

    @Test
    void allNamespacesOfAPodAreShared() throws IOException {
        String id = sandbox.newId();
        jrun.call("run", "--detach", "--bundle", bundle().runs("sleep", "1000").path(), id)
                .succeeds();
        Path namespaces = process(id).resolve("ns");
        Bundle second = sandbox.bundle()
                .joining("user", namespaces.resolve("user"))
                .joining("network", namespaces.resolve("net"))
                .joining("ipc", namespaces.resolve("ipc"))
                .joining("uts", namespaces.resolve("uts"))
                .joining("pid", namespaces.resolve("pid"))
                .runsScript("cd /proc/self/ns; for n in user net ipc uts pid; do readlink $n; done; ls -d /proc/1");
        assertEquals(
                List.of("user", "net", "ipc", "uts", "pid").stream()
                        .map(name -> Unshared.identity(namespaces.resolve(name)))
                        .toList(),
                run(second).succeeds().lines().subList(0, 5));
    }

    @Test
    void aNamespaceOfTheHostsIsJoinedByAContainerInAUserNamespace() {
        try (Unshared other = Unshared.open("--net")) {
            String script = "readlink /proc/self/ns/net; id -u";
            Bundle bundle = bundle().joining("network", other.file("net"))
                    .withoutMount("sysfs")
                    .withoutMount("cgroup")
                    .runsScript(script);
            assertEquals(
                    List.of(other.identity("net"), "0"), run(bundle).succeeds().lines());
        }
    }

    @Test
    void sourcesMayBeWhereOnlyTheCallerCanGo() throws IOException {
        Path secret = Files.createDirectory(
                directory.resolve("private"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(secret.resolve("file"), "given\n");
        Bundle bundle = bundle().file("etc/given", "rw-r--r--", "")
                .with(
                        "/mounts/-",
                        "{\"destination\": \"/etc/given\", \"source\": \"%s\", \"options\": [\"bind\", \"ro\"]}"
                                .formatted(secret.resolve("file")))
                .runs("cat", "/etc/given");
        assertEquals("given\n", run(bundle).succeeds().output());
    }

    @Test
    void whatOnlyTheOwnerOfANamespaceMayMountIsRefusedBefore() {
        run(bundle().withoutNamespace("network").withoutNamespace("ipc").withoutNamespace("pid"))
                .failsWith(
                        "type: found \"proc\"; in a new user namespace it needs a namespace of type pid",
                        "type: found \"sysfs\"; in a new user namespace it needs a namespace of type network",
                        "type: found \"mqueue\"; in a new user namespace it needs a namespace of type ipc");
    }

    @Test
    void aMappingIsChecked() {
        run(sandbox.bundle().with("/linux/namespaces/-", "{\"type\": \"user\"}"))
                .failsWith(
                        "config.json#/linux/uidMappings: found nothing; required with a new user namespace",
                        "config.json#/linux/gidMappings: found nothing; required with a new user namespace");
    }

    private Bundle withSingleIds() {
        String mapping = "[{\"containerID\": 0, \"hostID\": %d, \"size\": 1}]".formatted(Bundle.FIRST_ID);
        return bundle().with("/linux/uidMappings", mapping).with("/linux/gidMappings", mapping);
    }

    @Test
    void ownersThatAreNotMappedAreNamed() {
        Bundle bundle = withSingleIds().runs("true");
        run(bundle)
                .failsWith(
                        "config.json#/mounts/2/options/5: found \"gid=5\"; gid 5 is not mapped in the container's user namespace");
    }

    @Test
    void ownersThatAreNotMappedWhereItIsJoinedAreNamed() {
        try (Unshared other = Unshared.open("--user", "--pid", "--net", "--ipc").mapped()) {
            Bundle bundle = sandbox.bundle()
                    .joining("user", other.file("user"))
                    .with("/mounts/2/options/5", "\"gid=65536\"")
                    .runs("true");
            run(bundle)
                    .failsWith(
                            "config.json#/mounts/2/options/5: mount devpts on /dev/pts: ",
                            "(gid 65536 is not mapped in the container's user namespace)");
        }
    }

    /** A file system that is mounted on the host for a while. */
    private record HostMount(HostView view, Path place) implements AutoCloseable {
        @Override
        public void close() {
            run(view, "umount", place.toString());
        }

        private static void run(HostView view, String... command) {
            List<String> words = new ArrayList<>(view.prefix());
            words.addAll(List.of(command));
            Programs.run(words);
        }
    }

    private HostMount mounted(Path place, String options) {
        HostMount.run(view(), "mkdir", place.toString());
        HostMount.run(view(), "mount", "-t", "tmpfs", "-o", options + ",mode=755", "test", place.toString());
        return new HostMount(view(), place);
    }

    private Bundle binding(Path source, String options) {
        Bundle bundle = bundle();
        for (String part : options.split(";")) {
            bundle.with("/mounts/-", """
                    {"destination": "/tmp", "source": "%s", "options": ["%s"]}""".formatted(source, part.replace(",", "\", \"")));
        }
        return bundle.runsScript("awk '$5 ~ \"^/tmp\" {print $5, $6}' /proc/self/mountinfo | sed s/,idmapped//");
    }

    /** "Restrictions on mount namespaces" of mount_namespaces(7). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bind              | rw,nosuid,nodev,noexec,noatime
            bind,ro           | ro,nosuid,nodev,noexec,noatime
            bind,noatime      | rw,nosuid,nodev,noexec,noatime
            bind,nosuid,ro    | ro,nosuid,nodev,noexec,noatime
            bind,rro          | ro,nosuid,nodev,noexec,noatime
            bind,rw           | rw,nosuid,nodev,noexec,noatime
            bind;remount,bind,ro | ro,nosuid,nodev,noexec,noatime
            bind,idmap        | rw,nosuid,nodev,noexec,noatime
            bind,idmap,ro     | ro,nosuid,nodev,noexec,noatime
            rbind,ridmap,rro  | ro,nosuid,nodev,noexec,noatime
            bind,idmap,suid   | rw,nodev,noexec,noatime
            """)
    void aBindHasWhatItsSourceIsLockedTo(String options, String expected) {
        try (HostMount source = mounted(directory.resolve("source"), "nosuid,nodev,noexec,noatime")) {
            assertEquals(
                    List.of("/tmp " + expected),
                    run(binding(source.place(), options)).succeeds().lines());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bind,suid           | 1 | the mount comes with nosuid,
            bind,ro,dev         | 2 | the mount comes with nodev,
            bind,exec,nosuid    | 1 | the mount comes with noexec,
            bind,rw             | 1 | the mount comes with ro,
            bind,atime          | 1 | the mount comes with other access times,
            bind,relatime       | 1 | the mount comes with other access times,
            bind,nodiratime     | 1 | the mount comes with other access times,
            bind,nosuid,rsuid   | 2 | one of the mounts comes with nosuid,
            rbind,rrw           | 1 | one of the mounts comes with ro,
            rbind,rexec,rro     | 1 | one of the mounts comes with noexec,
            rbind,rrelatime     | 1 | one of the mounts comes with other access times,
            """)
    void whatABindCannotTakeBackIsNamed(String options, int option, String reason) {
        try (HostMount source = mounted(directory.resolve("source"), "ro,nosuid,nodev,noexec,noatime")) {
            run(binding(source.place(), options))
                    .failsWith("config.json#/mounts/7/options/" + option + ": mount " + source.place()
                            + " on /tmp: operation not" + " permitted (" + reason
                            + " which cannot be changed in a user namespace)");
            run(binding(source.place(), "bind;remount,bind,suid"))
                    .failsWith("config.json#/mounts/8/options/2: ", "the mount comes with nosuid");
        }
    }

    @Test
    void whatIsMountedBelowASourceComesAlong() {
        try (HostMount source = mounted(directory.resolve("source"), "rw");
                HostMount below = mounted(source.place().resolve("below"), "ro,nodev")) {
            run(binding(source.place(), "bind"))
                    .failsWith("config.json#/mounts/7/source: mount " + source.place()
                            + " on /tmp: invalid argument (in a user namespace, what is mounted below a source comes along: use"
                            + " rbind)");
            assertEquals(
                    List.of("/tmp rw,relatime", "/tmp/below ro,nodev,relatime"),
                    run(binding(source.place(), "rbind")).succeeds().lines());
            run(binding(source.place(), "rbind,rdev"))
                    .failsWith("config.json#/mounts/7/options/1: ", "one of the mounts comes with nodev");
            // The shim copies it, before there is a user namespace.
            assertEquals(
                    List.of("/tmp rw,relatime"),
                    run(binding(source.place(), "bind,idmap")).succeeds().lines());
            assertEquals(source.place(), below.place().getParent());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id; umask",
                "cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups",
                "grep -E 'Cap|NoNewPrivs|Groups|Seccomp' /proc/self/status",
                "stat -c '%A %u %g' /dev /dev/shm /proc /sys /tmp /",
                "ls -l /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/hostname /proc/self/timens_offsets",
                "find /dev -type c -maxdepth 1 | sort | xargs stat -c '%n %a %u %g %t %T'",
                "grep -vE ' /sys/fs/cgroup/| /dev/(null|zero|full|tty|u?random)|/proc/' /proc/self/mountinfo | cut -d' ' -f5,6 | sort",
                "touch /file; touch /dev/file; echo 1 > /proc/sys/kernel/sysrq",
                "ip addr; hostname",
            })
    void runcsContainersSeeTheSame(String script) throws IOException {
        Programs.need("runc");
        OciRuntime runc = sandbox.installed("runc").orElseThrow();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Bundle bundle = bundle().runsScript("exec 2>&1; " + script);
        assertEquals(run(runc, bundle).output(), run(bundle).output());
    }
}
