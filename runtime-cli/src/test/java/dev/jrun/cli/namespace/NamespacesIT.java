// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Namespaces that a container joins by path. */
class NamespacesIT extends RealContainers {

    private static final String IDENTITIES =
            "cd /proc/self/ns; for n in cgroup ipc net pid time uts; do readlink $n; done";

    /** Types of config.json and the names of their files in /proc/PID/ns, namespaces(7). */
    private static final Map<String, String> FILES =
            Map.of("cgroup", "cgroup", "ipc", "ipc", "network", "net", "pid", "pid", "time", "time", "uts", "uts");

    private Execution run(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId());
    }

    private Bundle joining(Unshared other, String... types) {
        Bundle bundle = sandbox.bundle();
        for (String type : types) {
            bundle.joining(type, other.file(FILES.getOrDefault(type, "mnt")));
        }
        return bundle.without("/hostname");
    }

    @Test
    void joinsEveryTypeAtOnce() {
        try (Unshared other = Unshared.open("--net", "--ipc", "--uts", "--cgroup", "--time", "--pid")) {
            Bundle bundle =
                    joining(other, FILES.keySet().toArray(String[]::new)).runsScript(IDENTITIES);
            assertEquals(
                    List.of("cgroup", "ipc", "net", "pid", "time", "uts").stream()
                            .map(other::identity)
                            .toList(),
                    run(bundle).succeeds().lines());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "network,net,--net",
        "ipc,ipc,--ipc",
        "uts,uts,--uts",
        "cgroup,cgroup,--cgroup",
        "pid,pid,--pid",
        "time,time,--time"
    })
    void joinsOneTypeBesideNewOnes(String type, String file, String option) {
        try (Unshared other = Unshared.open(option)) {
            Bundle bundle = joining(other, type).runs("readlink", "/proc/self/ns/" + file);
            assertEquals(other.identity(file), run(bundle).succeeds().output().strip());
        }
    }

    @Test
    void joinsWhatIsMountedAtAPath() throws IOException {
        Path file = Files.createFile(directory.resolve("netns"));
        try (Unshared other = Unshared.open("--net")) {
            Programs.run("mount", "--bind", other.file("net").toString(), file.toString());
            String script = "readlink /proc/self/ns/net; ip -o link | cut -d: -f2,3";
            try {
                Execution inside = run(sandbox.bundle().joining("network", file).runsScript(script));
                // What has been made by somebody else is not changed: its loopback device stays down.
                assertEquals(
                        List.of(
                                other.identity("net"),
                                " lo: <LOOPBACK> mtu 65536 qdisc noop qlen 1000\\    link/loopback 00"),
                        inside.succeeds().lines());
            } finally {
                Programs.run("umount", file.toString());
            }
        }
    }

    /** An engine that it started would read numbers of processes there, and the shim would signal them here. */
    @Test
    void aCallerWhoseChildrenAreInAnotherPidNamespaceIsRefused() {
        jrun.behind("unshare", "--pid")
                .call("list")
                .failsWith("the caller's children would be in another pid namespace than the caller is");
    }

    @Test
    void aContainerInAnothersPidNamespaceLivesAndDiesAsAnyOther() {
        try (Unshared other = Unshared.open("--pid")) {
            String id = sandbox.newId();
            Bundle bundle = joining(other, "pid").runsScript("sleep 1000 & sleep 1001");
            jrun.call("create", "--bundle", bundle.path(), id).succeeds();
            assertEquals("created", jrun.status(id));
            jrun.call("start", id).succeeds();
            jrun.awaitStatus(id, "running");
            long pid = jrun.state(id).get("pid").asLong();
            assertEquals(other.identity("pid"), Unshared.identity(Path.of("/proc/" + pid + "/ns/pid")));
            jrun.call("kill", "--all", id, "KILL").succeeds();
            jrun.awaitStatus(id, "stopped");
            jrun.call("delete", id).succeeds();
            assertTrue(other.unshare().isAlive());
        }
    }

    @Test
    void deletingAContainerInAnothersPidNamespaceEndsItsProcessesAlone() {
        try (Unshared other = Unshared.open("--pid")) {
            String id = sandbox.newId();
            Bundle bundle = joining(other, "pid").runsScript("sleep 1000 & exec sleep 1001");
            jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
            jrun.call("delete", "--force", id).succeeds();
            sandbox.assertNothingIsLeft();
            assertTrue(other.unshare().isAlive());
        }
    }

    @Test
    void exitCodesAndSignalsPassThroughAPredecessor() {
        try (Unshared other = Unshared.open("--pid")) {
            assertEquals(7, run(joining(other, "pid").runsScript("exit 7")).code());
            assertEquals(
                    128 + 9,
                    run(joining(other, "pid").runsScript("kill -KILL $$")).code());
            run(joining(other, "pid").runs("nonsense"))
                    .failsWith("config.json#/process/args/0: exec: \"nonsense\": executable file not found in $PATH");
        }
    }

    @ParameterizedTest
    @CsvSource({"network,net", "ipc,ipc", "cgroup,cgroup", "pid,pid", "time,time", "user,user"})
    void theCallersOwnNamespaceMeansNoChange(String type, String file) {
        Bundle bundle = sandbox.bundle()
                .joining(type, Path.of("/proc/self/ns", file))
                .runs("readlink", "/proc/self/ns/" + file);
        if (type.equals("network")) {
            bundle.without("/linux/sysctl");
        }
        assertEquals(
                Unshared.identity(Path.of("/proc/self/ns", file)),
                run(bundle).succeeds().output().strip());
    }

    /** As without a cgroup namespace: its own directory is the root of what is mounted, and not everybody's. */
    @Test
    void inTheCallersCgroupNamespaceOnlyTheContainersCgroupIsMounted() {
        String script = "grep -E 'cgroup2? ' /proc/self/mountinfo | grep /sys/fs/cgroup | cut -d' ' -f4 | sort -u";
        Bundle without = sandbox.bundle().withoutNamespace("cgroup").runsScript(script);
        Bundle own = sandbox.bundle()
                .joining("cgroup", Path.of("/proc/self/ns/cgroup"))
                .runsScript(script);
        String id = sandbox.newId();

        String expected =
                jrun.call("run", "--bundle", without.path(), id).succeeds().output();
        String mounted = jrun.call("run", "--bundle", own.path(), id).succeeds().output();

        assertEquals(expected, mounted);
        assertTrue(mounted.contains(id), mounted);
    }

    @Test
    void theCallersOwnNamespacesAreNotChangedByAContainer() {
        run(sandbox.bundle().joining("uts", Path.of("/proc/self/ns/uts")))
                .failsWith("config.json#/hostname: the caller's own would change, since /proc/self/ns/uts is its uts");
        run(sandbox.bundle()
                        .joining("network", Path.of("/proc/self/ns/net"))
                        .with("/linux/sysctl", "{\"net.ipv4.ip_forward\": \"1\"}"))
                .failsWith("config.json#/linux/sysctl/net.ipv4.ip_forward: the caller's own would change");
        run(sandbox.bundle().joining("mount", Path.of("/proc/self/ns/mnt")))
                .failsWith(
                        "config.json#/linux/namespaces/", "/path: /proc/self/ns/mnt is the caller's mount namespace");
        run(sandbox.bundle()
                        .withoutNamespace("mount")
                        .without("/linux/maskedPaths")
                        .without("/linux/readonlyPaths"))
                .failsWith("config.json#/linux/namespaces: a container needs a mount namespace of its own");
    }

    @Test
    void theCallersOwnNetworkIsKnownByAnyPathAsWithRunc() throws IOException {
        // What would be written is what is there, should it be written.
        String value =
                Files.readString(Path.of("/proc/sys/net/ipv4/ip_default_ttl")).strip();
        Path path = Files.createFile(directory.resolve("network"));
        Programs.run(List.of("mount", "--bind", "/proc/self/ns/net", path.toString()));
        try {
            for (Path own :
                    List.of(path, Path.of("/proc/" + ProcessHandle.current().pid() + "/ns/net"))) {
                Bundle bundle = sandbox.bundle()
                        .joining("network", own)
                        .with("/linux/sysctl", "{\"net.ipv4.ip_default_ttl\": \"%s\"}".formatted(value));
                run(bundle)
                        .failsWith("config.json#/linux/sysctl/net.ipv4.ip_default_ttl: the caller's own would change");
                sandbox.installed("runc")
                        .ifPresent(runc -> runc.call("run", "--bundle", bundle.path(), sandbox.newId())
                                .failsWith("not allowed in host network namespace"));
            }
        } finally {
            Programs.run(List.of("umount", path.toString()));
        }
    }

    @Test
    void aPathThatCannotBeJoinedIsNamed() throws IOException {
        run(sandbox.bundle().joining("network", Path.of("/run/netns/no-such")))
                .failsWith("/path: open the network namespace /run/netns/no-such: no such file or directory");
        run(sandbox.bundle().joining("network", Path.of("/proc/self/ns/ipc")))
                .failsWith("/path: /proc/self/ns/ipc is a namespace of another type than network: invalid argument");
        run(sandbox.bundle().joining("ipc", Path.of("/dev/zero")))
                .failsWith("/path: /dev/zero is not a namespace: invalid argument");
        run(sandbox.bundle().joining("ipc", directory)).failsWith(" is not a namespace: invalid argument");
        // It is not opened before it is known what it is: that would wait for somebody to write.
        Path fifo = directory.resolve("fifo");
        Programs.run("mkfifo", fifo.toString());
        run(sandbox.bundle().joining("uts", fifo).without("/hostname")).failsWith("fifo is not a namespace");
        // Nor where the mappings of a user namespace are asked for before it is joined.
        run(sandbox.bundle().joining("user", fifo).with("/mounts/-", """
                        {"destination": "/mine", "source": "/etc", "options": ["bind", "idmap"]}""")).failsWith("fifo is not a namespace");
    }

    @Test
    void inAMountNamespaceThatIsJoinedTheRootFileSystemIsMountedThere() {
        try (Unshared other = Unshared.open("--mount")) {
            Bundle bundle = sandbox.bundle()
                    .joining("mount", other.file("mnt"))
                    .runsScript("readlink /proc/self/ns/mnt; ls -d /etc/passwd");
            assertEquals(
                    List.of(other.identity("mnt"), "/etc/passwd"),
                    run(bundle).succeeds().lines());
        }
    }

    @Test
    void runcJoinsTheSame() {
        Programs.need("runc");
        OciRuntime runc = sandbox.installed("runc").orElseThrow();
        String script = "readlink /proc/self/ns/net; readlink /proc/self/ns/ipc; readlink /proc/self/ns/pid; ip addr;"
                + " ps -o comm; hostname";
        try (Unshared other = Unshared.open("--net", "--ipc", "--uts", "--pid")) {
            Bundle bundle = joining(other, "network", "ipc", "uts", "pid").runsScript(script);
            assertEquals(
                    runc.call("run", "--bundle", bundle.path(), sandbox.newId())
                            .succeeds()
                            .output(),
                    run(bundle).succeeds().output());
        }
    }
}
