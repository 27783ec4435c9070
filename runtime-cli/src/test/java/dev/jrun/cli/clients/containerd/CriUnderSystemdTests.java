// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.clients.cri.ContainerConfig;
import dev.jrun.cli.clients.cri.ContainerStats;
import dev.jrun.cli.clients.cri.ContainerStatus;
import dev.jrun.cli.clients.cri.ExecSyncResponse;
import dev.jrun.cli.clients.cri.LinuxContainerResources;
import dev.jrun.cli.clients.cri.NamespaceMode;
import dev.jrun.cli.clients.cri.NamespaceOption;
import dev.jrun.cli.clients.cri.PodSandboxConfig;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Pods where systemd makes cgroups, as most kubelets have it, on cgroup v2: in the machine that
 * {@code scripts/test-in-vm --systemd} boots. They have the host's network, so that no plugin has to make them one.
 */
abstract class CriUnderSystemdTests extends CriHost {

    private static final NamespaceOption NAMESPACES = NamespaceOption.newBuilder()
            .setNetwork(NamespaceMode.NODE)
            .setPid(NamespaceMode.CONTAINER)
            .build();
    private static final String SLICE = "jrunpods.slice";
    private static final Path CGROUP = Path.of("/sys/fs/cgroup", SLICE);

    /** One whose systemd is this host's; otherwise as {@link #machine}. */
    abstract Machine machineUnderSystemd(Path scratch);

    @Override
    Machine machine(Path scratch) {
        Programs.skipUnless(Files.isDirectory(Path.of("/run/systemd/system")), "systemd is not init here");
        Programs.skipUnless(Files.exists(CGROUP.resolveSibling("cgroup.controllers")), "there is cgroup v1");
        Programs.need("systemctl");
        return machineUnderSystemd(scratch);
    }

    @Override
    Containerd startOn(Machine machine, Path directory) {
        return Containerd.startWithSystemd(machine, directory);
    }

    @Test
    void containersAreUnitsInTheSliceOfTheirPod() {
        List<String> seen = same((pods, lines) -> {
            String sandbox;
            try (Pod pod = pods.run(CriUnderSystemdTests::inSlice)) {
                sandbox = scope(pod.id());
                lines.add(show(sandbox, "ActiveState", "Slice"));
                PodContainer container = pod.start("limited", CriUnderSystemdTests::limited, "sleep", "1000");
                String scope = scope(container.id());
                lines.add(show(scope, "ActiveState", "Slice", "MemoryMax"));
                lines.add("processes in it: " + processesIn(scope));
                lines.add(container.output("cat", "/proc/self/cgroup", "/sys/fs/cgroup/memory.max"));
                ExecSyncResponse failed = container.execute(50, "sh", "-c", "echo err >&2; exit 5");
                lines.add(failed.getStderr().toStringUtf8() + failed.getExitCode());
                ContainerStats stats = container.stats();
                lines.add("memory: " + (stats.getMemory().getWorkingSetBytes().getValue() > 0) + ", processor: "
                        + (stats.getCpu().getUsageCoreNanoSeconds().getValue() > 0));
                lines.add(pod.summaryOfStats());
                container.update(LinuxContainerResources.newBuilder()
                        .setMemoryLimitInBytes(32 << 20)
                        .setCpuPeriod(100_000)
                        .setCpuQuota(50_000)
                        .build());
                lines.add(show(scope, "MemoryMax", "CPUQuotaPerSecUSec"));
                lines.add(container.output("cat", "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/cpu.max"));
                container.stop(0);
                ContainerStatus ended = container.status();
                lines.add(ended.getExitCode() + " " + ended.getReason());
                awaitGone(scope);
                lines.add(show(sandbox, "ActiveState"));
            }
            awaitGone(sandbox);
            systemctl("stop", SLICE).succeeds();
            lines.add("units: "
                    + systemctl("list-units", "--all", "--plain", "--no-legend", "cri-containerd-*")
                            .output());
            Eventually.isTrue("its cgroup is gone", () -> Files.notExists(CGROUP));
        });
        assertEquals(
                List.of(
                        "active jrunpods.slice",
                        "active jrunpods.slice 67108864",
                        "processes in it: 1",
                        "0::/\n67108864\n",
                        "err\n5",
                        "memory: true, processor: true",
                        "of pod: cpu true memory true processes 1 containers 1",
                        "33554432 500ms",
                        "33554432\n50000 100000\n",
                        "137 Error",
                        "active",
                        "units: "),
                seen);
    }

    private static void inSlice(PodSandboxConfig.Builder config) {
        config.clearHostname()
                .getLinuxBuilder()
                .setCgroupParent("/" + SLICE)
                .getSecurityContextBuilder()
                .setNamespaceOptions(NAMESPACES);
    }

    private static void limited(ContainerConfig.Builder config) {
        config.getLinuxBuilder()
                .setResources(LinuxContainerResources.newBuilder().setMemoryLimitInBytes(64 << 20))
                .getSecurityContextBuilder()
                .setNamespaceOptions(NAMESPACES);
    }

    /** As containerd names it. */
    private static String scope(String id) {
        return "cri-containerd-" + id + ".scope";
    }

    private static Execution systemctl(String... words) {
        List<String> command = new ArrayList<>(List.of("systemctl", "--no-pager"));
        command.addAll(List.of(words));
        return Execution.of(new ProcessBuilder(command));
    }

    private static String show(String unit, String... properties) {
        List<String> values = new ArrayList<>();
        for (String property : properties) {
            values.add(systemctl("show", "--value", "--property=" + property, unit)
                    .succeeds()
                    .output()
                    .strip());
        }
        return String.join(" ", values);
    }

    private static void awaitGone(String unit) {
        Eventually.isEqual(unit, "not-found", () -> show(unit, "LoadState"));
    }

    private static long processesIn(String scope) {
        try (Stream<String> lines = Files.lines(CGROUP.resolve(scope, "cgroup.procs"))) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
