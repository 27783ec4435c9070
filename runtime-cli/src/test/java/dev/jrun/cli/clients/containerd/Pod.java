// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import dev.jrun.cli.clients.CgroupOfTests;
import dev.jrun.cli.clients.cri.ContainerConfig;
import dev.jrun.cli.clients.cri.ContainerMetadata;
import dev.jrun.cli.clients.cri.CreateContainerRequest;
import dev.jrun.cli.clients.cri.CreateContainerResponse;
import dev.jrun.cli.clients.cri.ImageSpec;
import dev.jrun.cli.clients.cri.LinuxContainerConfig;
import dev.jrun.cli.clients.cri.LinuxContainerSecurityContext;
import dev.jrun.cli.clients.cri.LinuxPodSandboxStats;
import dev.jrun.cli.clients.cri.PodSandboxConfig;
import dev.jrun.cli.clients.cri.PodSandboxStatsRequest;
import dev.jrun.cli.clients.cri.PodSandboxStatsResponse;
import dev.jrun.cli.clients.cri.PodSandboxStatusRequest;
import dev.jrun.cli.clients.cri.PodSandboxStatusResponse;
import dev.jrun.cli.clients.cri.PortForwardRequest;
import dev.jrun.cli.clients.cri.PortForwardResponse;
import dev.jrun.cli.clients.cri.RemovePodSandboxRequest;
import dev.jrun.cli.clients.cri.RemovePodSandboxResponse;
import dev.jrun.cli.clients.cri.StartContainerRequest;
import dev.jrun.cli.clients.cri.StartContainerResponse;
import dev.jrun.cli.clients.cri.StopPodSandboxRequest;
import dev.jrun.cli.clients.cri.StopPodSandboxResponse;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A pod's sandbox, and what a kubelet does with it.
 *
 * @param cgroup which is the kubelet's to remove
 */
record Pod(CriClient runtime, PodSandboxConfig config, CgroupOfTests cgroup, String id) implements AutoCloseable {

    /** Starts a container of busybox with this command. */
    PodContainer start(String name, String... command) {
        return start(name, _ -> {}, command);
    }

    /** Starts one that differs from the plainest in this. */
    PodContainer start(String name, Consumer<ContainerConfig.Builder> change, String... command) {
        PodContainer container = create(name, change, command);
        runtime.call(
                "StartContainer",
                StartContainerRequest.newBuilder()
                        .setContainerId(container.id())
                        .build(),
                StartContainerResponse.class);
        return container;
    }

    private PodContainer create(String name, Consumer<ContainerConfig.Builder> change, String... command) {
        ContainerConfig.Builder builder = ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName(name))
                .setImage(ImageSpec.newBuilder().setImage(Containerd.IMAGE))
                .addAllCommand(List.of(command))
                .setLogPath(name + ".log")
                .setLinux(LinuxContainerConfig.newBuilder()
                        .setSecurityContext(
                                LinuxContainerSecurityContext.newBuilder().setNamespaceOptions(Pods.NAMESPACES)));
        change.accept(builder);
        String container = runtime.call(
                        "CreateContainer",
                        CreateContainerRequest.newBuilder()
                                .setPodSandboxId(id)
                                .setConfig(builder)
                                .setSandboxConfig(config)
                                .build(),
                        CreateContainerResponse.class)
                .getContainerId();
        return new PodContainer(runtime, container, Path.of(config.getLogDirectory(), builder.getLogPath()));
    }

    PodSandboxStatusResponse status() {
        return runtime.call(
                "PodSandboxStatus",
                PodSandboxStatusRequest.newBuilder()
                        .setPodSandboxId(id)
                        .setVerbose(true)
                        .build(),
                PodSandboxStatusResponse.class);
    }

    /** Older versions have no statistics of pods, and some want cgroup v2. */
    String summaryOfStats() {
        try {
            LinuxPodSandboxStats stats = stats();
            return "of pod: cpu " + (stats.getCpu().getUsageCoreNanoSeconds().getValue() > 0)
                    + " memory " + (stats.getMemory().getWorkingSetBytes().getValue() > 0)
                    + " processes " + stats.getProcess().getProcessCount().getValue()
                    + " containers " + stats.getContainersCount();
        } catch (StatusRuntimeException e) {
            return "of pod: " + e.getStatus().getCode();
        }
    }

    private LinuxPodSandboxStats stats() {
        return runtime.call(
                        "PodSandboxStats",
                        PodSandboxStatsRequest.newBuilder().setPodSandboxId(id).build(),
                        PodSandboxStatsResponse.class)
                .getStats()
                .getLinux();
    }

    /** @return where it is forwarded, over WebSockets */
    String forward(int port) {
        return runtime.call(
                                "PortForward",
                                PortForwardRequest.newBuilder()
                                        .setPodSandboxId(id)
                                        .addPort(port)
                                        .build(),
                                PortForwardResponse.class)
                        .getUrl()
                + "?port=" + port;
    }

    void stop() {
        runtime.call(
                "StopPodSandbox",
                StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build(),
                StopPodSandboxResponse.class);
    }

    /** It is gone, with all containers. */
    @Override
    public void close() {
        stop();
        runtime.call(
                "RemovePodSandbox",
                RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build(),
                RemovePodSandboxResponse.class);
        cgroup.close();
    }
}
