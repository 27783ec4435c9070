// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a container's process finds, field by field of config.json. */
class InsideIT extends RealContainers {

    /** The default configuration's, and the names of their files in /proc/self/ns, namespaces(7). */
    private static final Map<String, String> NAMESPACES = new TreeMap<>(
            Map.of("pid", "pid", "network", "net", "ipc", "ipc", "uts", "uts", "mount", "mnt", "cgroup", "cgroup"));

    @Test
    void hasTheNamespacesThatAreAskedForAndTheHostsOtherwise() throws IOException {
        Bundle all = sandbox.bundle().runsScript("cd /proc/self/ns; for n in *; do echo $n $(readlink $n); done");
        Map<String, String> found = namespaces(run(all));
        for (String file : found.keySet()) {
            String host = Files.readSymbolicLink(Path.of("/proc/self/ns", file)).toString();
            if (NAMESPACES.containsValue(file) || file.equals("pid_for_children")) {
                assertNotEquals(host, found.get(file));
            } else {
                assertEquals(host, found.get(file));
            }
        }
        for (Map.Entry<String, String> namespace : NAMESPACES.entrySet()) {
            if (namespace.getKey().equals("mount")) {
                continue;
            }
            Bundle without = sandbox.bundle()
                    .runsScript("readlink /proc/self/ns/" + namespace.getValue())
                    .withoutNamespace(namespace.getKey());
            if (namespace.getKey().equals("uts")) {
                without.without("/hostname");
            }
            String host = Files.readSymbolicLink(Path.of("/proc/self/ns", namespace.getValue()))
                    .toString();
            assertEquals(host + "\n", run(without).output());
        }
    }

    private static Map<String, String> namespaces(Execution execution) {
        Map<String, String> namespaces = new TreeMap<>();
        for (String line : execution.lines()) {
            String[] words = line.split(" ");
            namespaces.put(words[0], words[1]);
        }
        return namespaces;
    }

    @Test
    void hasAWritableRootOnlyIfAskedFor() {
        String script = "touch /made 2>&1; ls /made 2>/dev/null";

        assertEquals(
                "touch: /made: Read-only file system\n",
                jrun.call("run", "--bundle", sandbox.bundle().runsScript(script).path(), sandbox.newId())
                        .output());
        assertEquals(
                "/made\n",
                run(sandbox.bundle().runsScript(script).with("/root/readonly", "false"))
                        .output());
    }

    @Test
    void hasItsNames() {
        Bundle bundle = sandbox.bundle()
                .with("/hostname", "\"host-of-mine\"")
                .with("/domainname", "\"domain-of-mine\"")
                .runs("cat", "/proc/sys/kernel/hostname", "/proc/sys/kernel/domainname");

        assertEquals("host-of-mine\ndomain-of-mine\n", run(bundle).output());
    }

    @Test
    void hasItsEnvironmentAndNothingElse() {
        Bundle bundle = sandbox.bundle()
                .with("/process/env", "[\"PATH=/bin\", \"A=one\", \"B=two words\", \"C=\"]")
                .runs("env");

        assertEquals(
                "PATH=/bin\nA=one\nB=two words\nC=\nHOME=/root\n", run(bundle).output());
    }

    @Test
    void takesHomeFromItsOwnPasswords() throws IOException {
        String script = "echo $HOME";

        assertEquals("/root\n", run(sandbox.bundle().runsScript(script)).output());
        assertEquals(
                "/home/bob\n",
                run(sandbox.bundle().with("/process/user/uid", "1000").runsScript(script))
                        .output());
        assertEquals(
                "/\n",
                run(sandbox.bundle().with("/process/user/uid", "4242").runsScript(script))
                        .output());
        assertEquals(
                "/mine\n",
                run(sandbox.bundle()
                                .with("/process/env", "[\"PATH=/bin\", \"HOME=/mine\"]")
                                .runsScript(script))
                        .output());
        Bundle looping = sandbox.bundle();
        Files.delete(looping.rootfs().resolve("etc/passwd"));
        assertEquals(
                "/\n",
                run(looping.link("etc/passwd", "passwd").runsScript(script)).output());
        // A link to the host's or to a device leads nowhere.
        assertEquals(
                "/\n",
                run(sandbox.bundle()
                                .link("etc/passwords", "/dev/zero")
                                .file("etc/passwd", "rw-r--r--", "not a password file")
                                .runsScript(script))
                        .output());
    }

    @Test
    void hasItsResourceLimits() {
        Bundle bundle = sandbox.bundle()
                .with("/process/rlimits", """
                        [{"type": "RLIMIT_NOFILE", "soft": 100, "hard": 200},
                         {"type": "RLIMIT_CORE", "soft": 0, "hard": 0},
                         {"type": "RLIMIT_STACK", "soft": 4194304, "hard": 8388608}]""")
                .runs("grep", "-E", "open files|core|stack", "/proc/self/limits");

        assertEquals(
                List.of(
                        "Max stack size 4194304 8388608 bytes",
                        "Max core file size 0 0 bytes",
                        "Max open files 100 200 files"),
                run(bundle).lines().stream()
                        .map(line -> line.strip().replaceAll(" +", " "))
                        .toList());
    }

    @Test
    void mayGainPrivilegesOnlyIfAllowed() {
        String script = "grep NoNewPrivs /proc/self/status";

        assertEquals(
                "NoNewPrivs:\t1\n", run(sandbox.bundle().runsScript(script)).output());
        assertEquals(
                "NoNewPrivs:\t0\n",
                run(sandbox.bundle().with("/process/noNewPrivileges", "false").runsScript(script))
                        .output());
    }

    @Test
    void hasItsFiveSetsOfCapabilities() {
        // CAP_CHOWN 0, CAP_KILL 5, CAP_NET_BIND_SERVICE 10, CAP_NET_RAW 13
        Bundle bundle = sandbox.bundle()
                .with("/process/capabilities", """
                        {"bounding": ["CAP_CHOWN", "CAP_KILL", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW"],
                         "permitted": ["CAP_CHOWN", "CAP_KILL", "CAP_NET_RAW"],
                         "effective": ["CAP_CHOWN", "CAP_KILL"],
                         "inheritable": ["CAP_KILL", "CAP_NET_RAW"],
                         "ambient": ["CAP_KILL"]}""")
                // Not the shell: it would have to be executed, which changes them again.
                .with("/process/user/uid", "1000")
                .runs("grep", "Cap", "/proc/self/status");

        // execve(2) of a user other than root leaves the ambient ones, capabilities(7).
        assertEquals(
                List.of(
                        "CapInh:\t0000000000002020",
                        "CapPrm:\t0000000000000020",
                        "CapEff:\t0000000000000020",
                        "CapBnd:\t0000000000002421",
                        "CapAmb:\t0000000000000020"),
                run(bundle).lines());
    }

    /** To load the filter, init has CAP_SYS_ADMIN permitted for a while; this filter feigns that it is given up. */
    @Test
    void hasNoAmbientCapabilityThatIsNotPermitted() {
        Bundle bundle = sandbox.bundle()
                .with("/process/noNewPrivileges", "false")
                .with("/process/capabilities", """
                        {"bounding": ["CAP_SYS_ADMIN"], "inheritable": ["CAP_SYS_ADMIN"], "ambient": ["CAP_SYS_ADMIN"]}""")
                .with("/linux/seccomp", """
                        {"defaultAction": "SCMP_ACT_ALLOW",
                         "syscalls": [{"names": ["capset"], "action": "SCMP_ACT_ERRNO", "errnoRet": 0}]}""")
                .with("/process/user/uid", "1000")
                .runs("grep", "-E", "Cap(Prm|Eff|Amb)", "/proc/self/status");

        assertEquals(
                List.of("CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "CapAmb:\t0000000000000000"),
                run(bundle).lines());
    }

    @Test
    void cannotReadMaskedPathsOrWriteReadOnlyOnes() {
        Bundle bundle = sandbox.bundle()
                .with("/root/readonly", "false")
                .file("secret/key", "rw-r--r--", "secret")
                .file("fixed/file", "rw-r--r--", "fixed")
                .with("/linux/maskedPaths", "[\"/secret/key\", \"/etc\", \"/not/there\", \"/proc/keys\"]")
                .with("/linux/readonlyPaths", "[\"/fixed\", \"/not/there\", \"/proc/sys\"]")
                .runsScript("""
                        wc -c < /secret/key; ls -A /etc; wc -c < /proc/keys; cat /fixed/file; echo
                        echo x 2>&1 > /fixed/file; echo x 2>&1 > /proc/sys/kernel/hostname
                        touch /etc/file 2>&1
                        umount /secret/key 2>&1; true""");

        assertEquals(
                """
                0
                0
                fixed
                sh: can't create /fixed/file: Read-only file system
                sh: can't create /proc/sys/kernel/hostname: Read-only file system
                touch: /etc/file: Read-only file system
                umount: can't unmount /secret/key: Operation not permitted
                """,
                jrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                        .output()
                        .replace("sh: line 1", "sh"));
    }

    /**
     * What is done with the host's null device, or another container's, could be watched by a mask that is the same
     * file.
     */
    @Test
    void masksAreTheContainersOwn() throws IOException {
        Bundle bundle = sandbox.bundle()
                .with("/linux/maskedPaths", "[\"/proc/keys\"]")
                .runs("stat", "-c", "%d:%i %t:%T", "/dev/null", "/proc/keys");
        String host = Files.getAttribute(Path.of("/dev/null"), "unix:dev") + ":"
                + Files.getAttribute(Path.of("/dev/null"), "unix:ino");

        List<String> shown = jrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                .succeeds()
                .output()
                .lines()
                .toList();

        assertEquals(shown.getFirst(), shown.getLast());
        assertTrue(shown.getFirst().endsWith(" 1:3"), shown::toString);
        assertFalse(shown.getFirst().startsWith(host + " "), host);
    }

    /** A user who is nobody else on the machine sees no session keyring but the one that he possesses. */
    @Test
    void hasASessionKeyringOfItsOwnUnlessToldOtherwise() {
        Bundle bundle = sandbox.bundle()
                .with("/linux/maskedPaths", "[]")
                .with("/process/user/uid", "1234567")
                .runs("cat", "/proc/keys");

        assertNotEquals(sessionKeyrings(bundle), sessionKeyrings(bundle));
        assertEquals(sessionKeyrings(bundle, "--no-new-keyring"), sessionKeyrings(bundle, "--no-new-keyring"));
    }

    /** The serial numbers of those that a container of this bundle sees, proc_keys(5). */
    private Set<String> sessionKeyrings(Bundle bundle, String... options) {
        List<String> words = new ArrayList<>(List.of("run"));
        words.addAll(List.of(options));
        words.addAll(List.of("--bundle", bundle.path(), sandbox.newId()));
        return jrun.call(words.toArray(String[]::new)).succeeds().lines().stream()
                .map(line -> line.strip().split(" +"))
                .filter(fields -> fields[8].startsWith("_ses"))
                .map(fields -> fields[0])
                .collect(Collectors.toSet());
    }

    @Test
    void isInItsCgroupInEveryHierarchy() {
        String id = sandbox.newId();
        Bundle bundle = sandbox.bundle().withoutNamespace("cgroup").runs("cat", "/proc/self/cgroup");

        for (String line :
                jrun.call("run", "--bundle", bundle.path(), id).succeeds().lines()) {
            assertTrue(line.endsWith("/" + id), line);
        }
    }

    @Test
    void hasItsCgroupAsRootOfItsCgroupNamespace() {
        Bundle bundle = sandbox.bundle().runs("cat", "/proc/self/cgroup");

        for (String line : run(bundle).lines()) {
            // The controllers that this container is not confined by stay where the caller is; none is above the root.
            assertTrue(line.endsWith(":/"), line);
        }
    }

    @Test
    void hasLoopback() {
        Bundle bundle = sandbox.bundle().runsScript("ip -o addr show dev lo; ping -c 1 127.0.0.1 > /dev/null; echo $?");
        bundle.with("/process/capabilities/permitted", "[\"CAP_NET_RAW\"]")
                .with("/process/capabilities/effective", "[\"CAP_NET_RAW\"]")
                .with("/process/capabilities/bounding", "[\"CAP_NET_RAW\"]");

        Execution run = run(bundle);

        assertTrue(run.output().contains("127.0.0.1/8"), run::toString);
        assertTrue(run.output().endsWith("\n0\n"), run::toString);
    }

    @Test
    void cannotReachTheHostsProgramThroughAWaitingInit() {
        // A second, privileged container in the first one's pid namespace would have to be configured by path; the
        // host's
        // root stands in for it: even it gets no more than the sealed copy.
        Bundle bundle = sandbox.bundle().runs("true");
        String id = sandbox.newId();
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        long pid = jrun.state(id).get("pid").asLong();

        Execution attack = Execution.of(new ProcessBuilder("sh", "-c", "echo x > /proc/" + pid + "/exe"));

        assertNotEquals(0, attack.code());
        Execution link = Execution.of(new ProcessBuilder("readlink", "/proc/" + pid + "/exe"));
        assertFalse(link.output().contains("bin/jrun"), link::toString);
        jrun.call("delete", id).succeeds();
    }

    @Test
    void theFirstProgramCannotBeWrittenThroughItsOwnLink() {
        // The shape of CVE-2019-5736: the program is a script whose interpreter is /proc/self/exe.
        Bundle bundle = sandbox.bundle()
                .with("/root/readonly", "false")
                .file("attack", "rwxr-xr-x", "#!/proc/self/exe\n")
                .runs("/attack");

        jrun.call("run", "--bundle", bundle.path(), sandbox.newId());

        jrun.call("--version").succeeds();
    }

    @Test
    void cannotHaveAWorkingDirectoryOutside() {
        // The shape of CVE-2024-21626: a descriptor that the runtime left open leads out.
        for (int descriptor = 0; descriptor < 20; descriptor++) {
            Bundle bundle = sandbox.bundle()
                    .with("/process/cwd", "\"/proc/self/fd/" + descriptor + "\"")
                    .runsScript("pwd; ls ../../../../..");

            Execution run = jrun.call("run", "--bundle", bundle.path(), sandbox.newId());

            assertEquals(1, run.code(), run::toString);
            assertTrue(run.errors().contains("/process/cwd"), run::toString);
        }
    }

    @Test
    void mountsDoNotLeaveTheRootThroughLinks() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Bundle bundle = sandbox.bundle()
                .link("absolute", outside.toString())
                .link("upwards", "../../../../../../../.." + outside)
                .link("chained", "/absolute/x")
                .with("/mounts/-", tmpfs("/absolute"))
                .with("/mounts/-", tmpfs("/upwards/y"))
                .with("/mounts/-", tmpfs("/../../etc"))
                .runsScript("grep -c ' - tmpfs x ' /proc/self/mountinfo; ls " + outside);
        Files.createDirectories(bundle.rootfs().resolve(outside.toString().substring(1)));

        Execution run = run(bundle);

        assertEquals("3\ny\n", run.output());
        assertEquals(0, outside.toFile().list().length);
    }

    @Test
    void bindsComeWithTheirAttributes() throws IOException {
        Path shared = Files.createDirectory(directory.resolve("shared"));
        Files.writeString(shared.resolve("file"), "content\n");
        String source = '"' + shared.toString() + '"';
        Bundle bundle = sandbox.bundle()
                .with(
                        "/mounts/-",
                        "{\"destination\": \"/a\", \"source\": " + source + ", \"options\": [\"rbind\", \"ro\"]}")
                .with(
                        "/mounts/-",
                        "{\"destination\": \"/b\", \"source\": " + source
                                + ", \"options\": [\"bind\", \"nosuid\", \"nodev\", \"noexec\"]}")
                .with(
                        "/mounts/-",
                        "{\"destination\": \"/f\", \"source\": \"" + shared
                                + "/file\", \"options\": [\"bind\", \"rw\"]}")
                .runsScript("cat /a/file; touch /a/x 2>&1; touch /b/made; echo more >> /f; cat /a/file");

        assertEquals(
                "content\ntouch: /a/x: Read-only file system\ncontent\nmore\n",
                run(bundle).output());
        assertTrue(Files.exists(shared.resolve("made")));
    }

    private static String tmpfs(String destination) {
        return "{\"destination\": \"" + destination + "\", \"type\": \"tmpfs\", \"source\": \"x\"}";
    }

    private Execution run(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId()).succeeds();
    }
}
