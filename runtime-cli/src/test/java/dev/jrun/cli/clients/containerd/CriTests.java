// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.clients.Channels;
import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.clients.cri.Capability;
import dev.jrun.cli.clients.cri.CheckpointContainerRequest;
import dev.jrun.cli.clients.cri.CheckpointContainerResponse;
import dev.jrun.cli.clients.cri.ContainerConfig;
import dev.jrun.cli.clients.cri.ContainerState;
import dev.jrun.cli.clients.cri.ContainerStats;
import dev.jrun.cli.clients.cri.ContainerStatus;
import dev.jrun.cli.clients.cri.Device;
import dev.jrun.cli.clients.cri.ExecSyncResponse;
import dev.jrun.cli.clients.cri.IDMapping;
import dev.jrun.cli.clients.cri.Int64Value;
import dev.jrun.cli.clients.cri.LinuxContainerResources;
import dev.jrun.cli.clients.cri.LinuxContainerSecurityContext;
import dev.jrun.cli.clients.cri.Mount;
import dev.jrun.cli.clients.cri.MountPropagation;
import dev.jrun.cli.clients.cri.NamespaceMode;
import dev.jrun.cli.clients.cri.NamespaceOption;
import dev.jrun.cli.clients.cri.PodSandboxConfig;
import dev.jrun.cli.clients.cri.PodSandboxState;
import dev.jrun.cli.clients.cri.RuntimeHandler;
import dev.jrun.cli.clients.cri.SecurityProfile;
import dev.jrun.cli.clients.cri.UserNamespace;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Programs;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What kubelets do with containerd: pods by the Kubernetes Container Runtime Interface. */
abstract class CriTests extends CriHost {

    private static final String[] LASTING = {"sleep", "1000"};

    @Test
    void containersOfAPodShareItsNamespaces() {
        List<String> seen = same((pods, lines) -> {
            try (Pod pod = pods.run()) {
                PodContainer one = pod.start("one", LASTING);
                PodContainer other = pod.start("other", LASTING);
                for (String kind : List.of("net", "ipc", "uts", "pid", "mnt", "cgroup")) {
                    String[] look = {"readlink", "/proc/self/ns/" + kind};
                    lines.add(kind + " shared: " + one.output(look).equals(other.output(look)));
                }
                lines.add(one.output("hostname") + one.output("ps", "-o", "args"));
            }
        });
        assertEquals("net shared: true", seen.getFirst());
        assertEquals("pid shared: false", seen.get(3));
    }

    @Test
    void containersOfAPodMayShareItsPidNamespace() {
        List<String> seen = same((pods, lines) -> {
            NamespaceOption shared =
                    NamespaceOption.newBuilder().setPid(NamespaceMode.POD).build();
            try (Pod pod = pods.run(config -> namespaces(config, shared))) {
                PodContainer one = pod.start("one", namespaces(shared), LASTING);
                // Also what is not of its process group ends with a container that has no pid namespace of its own.
                PodContainer other =
                        pod.start("other", namespaces(shared), "sh", "-c", "setsid sleep 1234 & sleep 1234");
                Eventually.isEqual("processes", 2, () -> count(one, "sleep 1234"));
                lines.add(one.output("sh", "-c", "ps -o args | grep -v -E 'ps -o|exe' | sort"));
                other.stop(0);
                lines.add(other.status().getExitCode() + " of " + other.status().getReason());
                Eventually.isEqual("processes", 0, () -> count(one, "sleep 1234"));
            }
        });
        assertEquals("137 of Error", seen.getLast());
    }

    private static int count(PodContainer container, String command) {
        return container.output("ps", "-o", "args").split(command, -1).length - 1;
    }

    private static void namespaces(PodSandboxConfig.Builder config, NamespaceOption options) {
        config.getLinuxBuilder().getSecurityContextBuilder().setNamespaceOptions(options);
    }

    private static Consumer<ContainerConfig.Builder> namespaces(NamespaceOption options) {
        return security(context -> context.setNamespaceOptions(options));
    }

    private static Consumer<ContainerConfig.Builder> security(Consumer<LinuxContainerSecurityContext.Builder> change) {
        return config -> change.accept(config.getLinuxBuilder().getSecurityContextBuilder());
    }

    @Test
    void containersAreLoggedAndEnd() {
        List<String> seen = same((pods, lines) -> {
            try (Pod pod = pods.run()) {
                PodContainer talking = pod.start("talking", "sh", "-c", "echo out; echo err >&2; printf open; exit 3");
                lines.add(ended(talking.awaitEnd()));
                lines.add(talking.log().lines().sorted().toList().toString());
                PodContainer stopped =
                        pod.start("stopped", "sh", "-c", "trap 'exit 5' TERM; echo ready; while :; do sleep 0.1; done");
                Eventually.isTrue("the trap is set", () -> stopped.log().contains("ready"));
                stopped.stop(20);
                lines.add(ended(stopped.status()));
                PodContainer stubborn = pod.start("stubborn", "sh", "-c", "trap '' TERM; while :; do sleep 0.1; done");
                stubborn.stop(1);
                lines.add(ended(stubborn.status()));
                PodContainer greedy = pod.start(
                        "greedy",
                        config -> config.getLinuxBuilder().getResourcesBuilder().setMemoryLimitInBytes(24 << 20),
                        "sh",
                        "-c",
                        "tail -c 64m /dev/zero; sleep 1000");
                Eventually.isEqual("reason", "OOMKilled", () -> greedy.status().getReason());
                greedy.stop(0);
                lines.add(ended(greedy.status()));
            }
        });
        assertEquals(
                List.of(
                        "3 Error",
                        "[stderr F err, stdout F out, stdout P open]",
                        "5 Error",
                        "137 Error",
                        "137 OOMKilled"),
                seen);
    }

    private static String ended(ContainerStatus status) {
        return status.getExitCode() + " " + status.getReason();
    }

    @Test
    void whatCannotBeStartedIsSaid() {
        List<String> seen = same((pods, lines) -> {
            try (Pod pod = pods.run()) {
                lines.add(words(() -> pod.start("nowhere", "/nosuch"), "no such file or directory"));
                lines.add(words(() -> pod.start("unknown", "nosuch"), "executable file not found in $PATH"));
                // With runc it depends on the version which one it says; jrun says both.
                words(() -> pod.start("directory", "/etc"), "is a directory", "permission denied");
                PodContainer lasting = pod.start("lasting", LASTING);
                lines.add(words(() -> lasting.execute(0, "/nosuch"), "no such file or directory"));
                lines.add(words(() -> lasting.execute(0, "nosuch"), "executable file not found in $PATH"));
                lines.add(lasting.output("echo", "goes on"));
            }
        });
        assertEquals("goes on\n", seen.getLast());
    }

    /** @return the error's code, and which of these phrases is in it */
    private static String words(Runnable call, String... phrases) {
        Status status = assertThrows(StatusRuntimeException.class, call::run).getStatus();
        String description = String.valueOf(status.getDescription());
        for (String phrase : phrases) {
            if (description.contains(phrase)) {
                return status.getCode() + ": " + phrase;
            }
        }
        throw new AssertionError(description);
    }

    @Test
    void processesAreExecutedAsProbesAre() {
        List<String> seen = same((pods, lines) -> {
            try (Pod pod = pods.run()) {
                PodContainer container = pod.start("probed", LASTING);
                ExecSyncResponse failed = container.execute(10, "sh", "-c", "echo out; echo err >&2; exit 5");
                lines.add(failed.getStdout().toStringUtf8() + failed.getStderr().toStringUtf8() + failed.getExitCode());
                lines.add(words(() -> container.execute(1, "sh", "-c", "exec sleep 1234"), "timeout 1s exceeded"));
                Eventually.isEqual("processes", 0, () -> count(container, "sleep 1234"));
                lines.add(container.output("echo", "goes on"));
            }
        });
        assertEquals("out\nerr\n5", seen.getFirst());
        assertEquals("goes on\n", seen.getLast());
    }

    @Test
    void processesAreExecutedWithStreamsAndTerminals() {
        List<String> seen = same((pods, lines) -> {
            try (Pod pod = pods.run()) {
                PodContainer container = pod.start("lasting", LASTING);
                try (Channels streams = connect(container.execution(false, "sh"))) {
                    streams.send(Channels.INPUT, "echo out; echo err >&2\n")
                            .await(Channels.OUTPUT, "out\n")
                            .await(Channels.ERRORS, "err\n")
                            .send(Channels.INPUT, "exit 7\n")
                            .awaitEnd();
                    lines.add(streams.received(Channels.RESULT));
                }
                try (Channels terminal = connect(container.execution(true, "sh"))) {
                    Eventually.isTrue("it has this size", () -> {
                        terminal.resize(77, 22).send(Channels.INPUT, "stty size\n");
                        return terminal.received(Channels.OUTPUT).contains("22 77");
                    });
                    terminal.send(Channels.INPUT, "tty; echo in $((40 + 2))\n")
                            .await(Channels.OUTPUT, "/dev/pts/0\r\nin 42\r\n")
                            .send(Channels.INPUT, "sleep 1234\n")
                            .await(Channels.OUTPUT, "sleep 1234\r\n");
                    Eventually.isEqual("processes", 1, () -> count(container, "sleep 1234"));
                    terminal.send(Channels.INPUT, "\u0003")
                            .send(Channels.INPUT, "exit 8\n")
                            .awaitEnd();
                    lines.add(terminal.received(Channels.RESULT));
                }
            }
        });
        assertTrue(seen.getFirst().contains("\"reason\":\"ExitCode\",\"message\":\"7\""), seen::getFirst);
        assertTrue(seen.getLast().contains("\"reason\":\"ExitCode\",\"message\":\"8\""), seen::getLast);
    }

    @Test
    void oneAttachesToContainers() {
        List<String> seen = same((pods, lines) -> {
            try (Pod pod = pods.run()) {
                PodContainer plain =
                        pod.start("plain", config -> config.setStdin(true).setStdinOnce(true), "sh");
                try (Channels streams = connect(plain.attachment(false))) {
                    streams.send(Channels.INPUT, "echo out; echo err >&2\n")
                            .await(Channels.OUTPUT, "out\n")
                            .await(Channels.ERRORS, "err\n")
                            .send(Channels.INPUT, "exit 7\n")
                            .awaitEnd();
                }
                lines.add(ended(plain.awaitEnd()));
                lines.add(plain.log().lines().sorted().toList().toString());
                PodContainer terminal =
                        pod.start("terminal", config -> config.setStdin(true).setTty(true), "sh");
                try (Channels streams = connect(terminal.attachment(true))) {
                    Eventually.isTrue("it has this size", () -> {
                        streams.resize(77, 22).send(Channels.INPUT, "stty size\n");
                        return streams.received(Channels.OUTPUT).contains("22 77");
                    });
                    streams.send(Channels.INPUT, "exit 8\n").awaitEnd();
                }
                lines.add(ended(terminal.awaitEnd()));
            }
        });
        assertEquals(List.of("7 Error", "[stderr F err, stdout F out]", "8 Error"), seen);
    }

    @Test
    void portsAreForwardedToAPod() {
        List<String> seen = same((pods, lines) -> {
            try (Pod pod = pods.run()) {
                PodContainer server = pod.start("server", "nc", "-l", "-p", "8080", "-e", "echo", "hello from inside");
                Eventually.isTrue(
                        "it listens", () -> server.output("netstat", "-ltn").contains(":8080"));
                try (Channels connection = connect(pod.forward(8080))) {
                    // The first two bytes are the port.
                    lines.add(connection
                            .await(0, "hello from inside\n")
                            .received(0)
                            .substring(2));
                }
                server.awaitEnd();
            }
        });
        assertEquals(List.of("hello from inside\n"), seen);
    }

    @Test
    void containersAndPodsHaveStatistics() {
        List<String> seen = same((pods, lines) -> {
            try (Pod pod = pods.run()) {
                PodContainer container = pod.start("busy", "sh", "-c", "sleep 1234 & while :; do :; done");
                Eventually.isTrue(
                        "it is in its loop, and has used the processor",
                        () -> container
                                        .stats()
                                        .getCpu()
                                        .getUsageCoreNanoSeconds()
                                        .getValue()
                                > 200_000_000);
                ContainerStats stats = container.stats();
                lines.add("memory: " + (stats.getMemory().getWorkingSetBytes().getValue() > 0));
                lines.add("name: " + stats.getAttributes().getMetadata().getName());
                lines.add(pod.summaryOfStats());
            }
        });
        assertEquals("memory: true", seen.getFirst());
    }

    @Test
    void limitsAreChanged() {
        List<String> seen = same((pods, lines) -> {
            try (Pod pod = pods.run()) {
                PodContainer container = pod.start(
                        "limited",
                        config -> config.getLinuxBuilder()
                                .setResources(resources(64 << 20, 512).setOomScoreAdj(500)),
                        LASTING);
                lines.add(limits(container));
                container.update(resources(32 << 20, 256)
                        .setCpuPeriod(100_000)
                        .setCpuQuota(50_000)
                        .build());
                lines.add(limits(container));
                lines.add(
                        container.output("sh", "-c", "cat /proc/1/oom_score_adj; echo written > /dev/null && echo ok"));
            }
        });
        assertNotEquals(seen.getFirst(), seen.get(1));
        assertEquals("500\nok\n", seen.getLast());
    }

    private static LinuxContainerResources.Builder resources(long memory, long shares) {
        return LinuxContainerResources.newBuilder()
                .setMemoryLimitInBytes(memory)
                .setCpuShares(shares);
    }

    private static String limits(PodContainer container) {
        return container.output(
                "sh",
                "-c",
                "cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes cpu/cpu.shares cpu/cpu.cfs_quota_us 2> /dev/null"
                        + " || cat memory.max cpu.weight cpu.max");
    }

    @Test
    void containersLiveOnWhileContainerdIsRestarted() {
        List<String> seen = same((pods, lines) -> {
            Path shared = shared(pods);
            try (Pod pod = pods.run()) {
                PodContainer lasting = pod.start("lasting", LASTING);
                Consumer<ContainerConfig.Builder> sharing =
                        config -> config.addMounts(mount(shared, MountPropagation.PROPAGATION_PRIVATE));
                PodContainer meanwhile = pod.start("meanwhile", sharing, untilThereIs("/shared/now"));
                PodContainer ending = pod.start("ending", sharing, untilThereIs("/shared/later"));
                String born = lasting.output("stat", "-c", "%Z", "/proc/1");
                restarted(() -> create(shared.resolve("now")));
                // How it ended gets lost in containerd now and then, with runc as well.
                meanwhile.awaitEnd();
                create(shared.resolve("later"));
                lines.add(ended(ending.awaitEnd()));
                lines.add("the same: " + born.equals(lasting.output("stat", "-c", "%Z", "/proc/1")));
                lines.add(pod.status().getStatus().getState().toString());
                lasting.stop(0);
                lines.add(ended(lasting.status()));
            }
        });
        assertEquals(List.of("6 Error", "the same: true", "SANDBOX_READY", "137 Error"), seen);
    }

    private static String[] untilThereIs(String file) {
        return new String[] {"sh", "-c", "until [ -e " + file + " ]; do sleep 0.1; done; exit 6"};
    }

    /** A directory for the containers of these pods and this test to share. */
    private Path shared(Pods pods) {
        try {
            return Files.createTempDirectory(directory(), "shared-" + pods.handler());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void create(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * But for two differences that docs/differences-from-runc.md has: /dev/core, and the directory above the
     * hierarchies.
     */
    @Test
    void containersAreConfinedAsTheySay() {
        String look = """
                id; grep -E '^(Cap|NoNewPrivs|Seccomp:|Groups)' /proc/self/status; ls -l /dev | awk '!/kcore/ {print $1, $NF}'
                touch /root/new; touch /tmp/new && echo written; echo 1 > /proc/sys/kernel/hostname; head -c 1 /proc/kcore
                cat /proc/sys/net/ipv4/ip_unprivileged_port_start /sys/fs/cgroup/devices/devices.list; pwd; env | sort
                grep -v -E ' /(etc|dev/shm|sys/fs/cgroup) ' /proc/self/mountinfo | cut -d ' ' -f 5-20 |
                    sed 's/shared:[0-9]*/SHARED/; s/master:[0-9]*/MASTER/; s/[0-9a-f]\\{64\\}/ID/g; s:snapshots/[0-9]*:snapshots/N:g'
                """;
        same((pods, lines) -> {
            try (Pod pod = pods.run(config -> config.getLinuxBuilder()
                    .putSysctls("net.ipv4.ip_unprivileged_port_start", "80")
                    .getSecurityContextBuilder()
                    .setSeccomp(defaultProfile()))) {
                lines.add(run(pod, "plain", _ -> {}, look));
                lines.add(run(pod, "confined", CriTests::confined, look));
                lines.add(run(pod, "devices", CriTests::withDevice, look));
            }
            try (Pod pod = pods.run(CriTests::privileged)) {
                lines.add(run(pod, "privileged", security(context -> context.setPrivileged(true)), look));
            }
        });
    }

    /** Containers in it may be. */
    private static void privileged(PodSandboxConfig.Builder config) {
        config.getLinuxBuilder().getSecurityContextBuilder().setPrivileged(true);
    }

    private static SecurityProfile.Builder defaultProfile() {
        return SecurityProfile.newBuilder().setProfileType(SecurityProfile.ProfileType.RuntimeDefault);
    }

    private static void confined(ContainerConfig.Builder config) {
        config.setWorkingDir("/tmp")
                .getLinuxBuilder()
                .getSecurityContextBuilder()
                .setRunAsUser(Int64Value.newBuilder().setValue(1000))
                .setRunAsGroup(Int64Value.newBuilder().setValue(50))
                .addAllSupplementalGroups(List.of(7L, 8L))
                .setNoNewPrivs(true)
                .setReadonlyRootfs(true)
                .setCapabilities(
                        Capability.newBuilder().addDropCapabilities("ALL").addAddCapabilities("NET_BIND_SERVICE"))
                .addMaskedPaths("/proc/kcore")
                .addReadonlyPaths("/proc/sys")
                .setSeccomp(defaultProfile());
    }

    private static void withDevice(ContainerConfig.Builder config) {
        config.addDevices(Device.newBuilder()
                .setHostPath("/dev/zero")
                .setContainerPath("/dev/nothing")
                .setPermissions("rw"));
    }

    /** What a container prints before it ends. */
    private static String run(Pod pod, String name, Consumer<ContainerConfig.Builder> change, String script) {
        PodContainer container = pod.start(name, change, "sh", "-c", script);
        container.awaitEnd();
        return container.log().lines().sorted().reduce(name, (all, line) -> all + "\n" + line);
    }

    @Test
    void podsMayHaveNamespacesOfTheHost() {
        NamespaceOption host = NamespaceOption.newBuilder()
                .setNetwork(NamespaceMode.NODE)
                .setPid(NamespaceMode.NODE)
                .setIpc(NamespaceMode.NODE)
                .build();
        String look =
                "ls /sys/class/net; readlink /proc/self/ns/net /proc/self/ns/ipc /proc/1/ns/pid; cat /proc/1/comm";
        List<String> seen = same((pods, lines) -> {
            try (Pod pod = pods.run(config -> namespaces(config.clearHostname(), host))) {
                PodContainer container = pod.start("host", namespaces(host), LASTING);
                lines.add(container.output("sh", "-c", look));
                container.stop(0);
                lines.add(ended(container.status()));
            }
        });
        assertEquals("137 Error", seen.getLast());
    }

    @Test
    void mountsArePropagatedAsTheySay() {
        List<String> seen = same((pods, lines) -> {
            Path shared = shared(pods);
            containerd().sharedMount(shared);
            try (Pod pod = pods.run(CriTests::privileged)) {
                PodContainer from = pod.start(
                        "from",
                        config -> config.addMounts(mount(shared, MountPropagation.PROPAGATION_BIDIRECTIONAL))
                                .getLinuxBuilder()
                                .getSecurityContextBuilder()
                                .setPrivileged(true),
                        LASTING);
                PodContainer to = pod.start(
                        "to",
                        config -> config.addMounts(mount(shared, MountPropagation.PROPAGATION_HOST_TO_CONTAINER)),
                        LASTING);
                PodContainer apart = pod.start(
                        "apart",
                        config -> config.addMounts(mount(shared, MountPropagation.PROPAGATION_PRIVATE)
                                .setReadonly(true)),
                        LASTING);
                from.output(
                        "sh",
                        "-c",
                        "mkdir /shared/inner; mount -t tmpfs tmpfs /shared/inner; touch /shared/inner/file");
                lines.add(to.output("ls", "/shared/inner") + ";" + apart.output("ls", "/shared/inner"));
                lines.add(apart.output("sh", "-c", "touch /shared/new 2>&1 || :"));
                from.output("umount", "/shared/inner");
            }
        });
        assertEquals("file\n;", seen.getFirst());
        assertEquals("touch: /shared/new: Read-only file system\n", seen.getLast());
    }

    private static Mount.Builder mount(Path shared, MountPropagation propagation) {
        return Mount.newBuilder()
                .setContainerPath("/shared")
                .setHostPath(shared.toString())
                .setPropagation(propagation);
    }

    @Test
    void podsMayHaveUserNamespaces() {
        Programs.skipUnless(
                containerd().isAtLeast("1.7"), "containerd is older than 1.7, and has no user namespaces for pods");
        NamespaceOption own = Pods.NAMESPACES.toBuilder()
                .setUsernsOptions(UserNamespace.newBuilder()
                        .setMode(NamespaceMode.POD)
                        .addUids(map(100_000))
                        .addGids(map(100_000)))
                .build();
        List<String> seen = same((pods, lines) -> {
            Path shared = shared(pods);
            try (Pod pod = pods.run(config -> namespaces(config, own))) {
                PodContainer container = pod.start("mapped", namespaces(own), LASTING);
                lines.add(container.output(
                        "sh", "-c", "cat /proc/self/uid_map; id; ls -ld / /bin/busybox | cut -d ' ' -f 3-10"));
                Consumer<ContainerConfig.Builder> sharing = config -> {
                    namespaces(own).accept(config);
                    config.addMounts(mount(shared, MountPropagation.PROPAGATION_PRIVATE)
                            .addUidMappings(map(100_000))
                            .addGidMappings(map(100_000)));
                };
                if (containerd().isAtLeast("2")) {
                    PodContainer other = pod.start("other", sharing, LASTING);
                    lines.add(other.output("sh", "-c", "touch /shared/new; stat -c %u /shared/new"));
                    assertEquals("0", owner(shared.resolve("new")));
                    lines.add("shared: " + userNamespace(container).equals(userNamespace(other)));
                } else {
                    // It is containerd that cannot.
                    lines.add(words(() -> pod.start("refused", sharing, LASTING), "idmap mounts not yet supported"));
                    PodContainer other = pod.start("other", namespaces(own), LASTING);
                    lines.add("shared: " + userNamespace(container).equals(userNamespace(other)));
                }
            }
        });
        assertTrue(seen.getFirst().matches("(?s) *0 +100000 +65536\nuid=0\\(root\\) gid=0.*"), seen::getFirst);
        assertEquals("shared: true", seen.getLast());
    }

    private static String userNamespace(PodContainer container) {
        return container.output("readlink", "/proc/self/ns/user");
    }

    private static IDMapping.Builder map(int first) {
        return IDMapping.newBuilder().setHostId(first).setContainerId(0).setLength(65536);
    }

    private static String owner(Path file) {
        try {
            return Files.getAttribute(file, "unix:uid").toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aHandlerIsARuntime() {
        try (Pod pod = pods("jrun").run()) {
            assertEquals("jrun", pod.status().getStatus().getRuntimeHandler());
            String information = pod.status().getInfoOrThrow("info");
            assertTrue(information.contains('"' + Machine.JRUN.toString() + '"'), information);
            assertEquals(PodSandboxState.SANDBOX_READY, pod.status().getStatus().getState());
            pod.stop();
            assertEquals(
                    PodSandboxState.SANDBOX_NOTREADY, pod.status().getStatus().getState());
        }
        assertEquals(
                "UNKNOWN: no runtime for \"nosuch\" is configured",
                words(() -> pods("nosuch").run(), "no runtime for \"nosuch\" is configured"));
    }

    /** What the scheduler is told of it. */
    @Test
    void itsFeaturesAreKnown() {
        Programs.skipUnless(containerd().isAtLeast("2"), "containerd is older than 2.0, and does not tell of runtimes");
        assertEquals(handler("runc").getFeatures(), handler("jrun").getFeatures());
        assertTrue(handler("jrun").getFeatures().getUserNamespaces());
    }

    private RuntimeHandler handler(String name) {
        return status().getRuntimeHandlersList().stream()
                .filter(handler -> handler.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whoWantsACheckpointIsToldThatThereIsNone() {
        try (Pod pod = pods("jrun").run()) {
            PodContainer container = pod.start("lasting", LASTING);
            CheckpointContainerRequest request = CheckpointContainerRequest.newBuilder()
                    .setContainerId(container.id())
                    .setLocation(directory().resolve("checkpoint.tar").toString())
                    .build();
            StatusRuntimeException refused = assertThrows(
                    StatusRuntimeException.class,
                    () -> client().call("CheckpointContainer", request, CheckpointContainerResponse.class));
            // 1.6 does not know the method, 1.7 supports it not, 2.1 looks for criu(8) first.
            assertTrue(refused.getMessage().contains("heckpoint"), refused::toString);
            assertEquals(ContainerState.CONTAINER_RUNNING, container.status().getState());
        }
    }
}
