// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import dev.jrun.cli.clients.cri.AttachRequest;
import dev.jrun.cli.clients.cri.AttachResponse;
import dev.jrun.cli.clients.cri.ContainerState;
import dev.jrun.cli.clients.cri.ContainerStats;
import dev.jrun.cli.clients.cri.ContainerStatsRequest;
import dev.jrun.cli.clients.cri.ContainerStatsResponse;
import dev.jrun.cli.clients.cri.ContainerStatus;
import dev.jrun.cli.clients.cri.ContainerStatusRequest;
import dev.jrun.cli.clients.cri.ContainerStatusResponse;
import dev.jrun.cli.clients.cri.ExecRequest;
import dev.jrun.cli.clients.cri.ExecResponse;
import dev.jrun.cli.clients.cri.ExecSyncRequest;
import dev.jrun.cli.clients.cri.ExecSyncResponse;
import dev.jrun.cli.clients.cri.LinuxContainerResources;
import dev.jrun.cli.clients.cri.StopContainerRequest;
import dev.jrun.cli.clients.cri.StopContainerResponse;
import dev.jrun.cli.clients.cri.UpdateContainerResourcesRequest;
import dev.jrun.cli.clients.cri.UpdateContainerResourcesResponse;
import dev.jrun.cli.testing.host.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A container of a pod, and what a kubelet does with it. */
record PodContainer(CriClient runtime, String id, Path logFile) {

    /** The output of a command in it, which succeeds. */
    String output(String... command) {
        ExecSyncResponse response = execute(0, command);
        if (response.getExitCode() != 0) {
            throw new AssertionError(List.of(command) + ": " + response);
        }
        return response.getStdout().toStringUtf8();
    }

    /**
     * Runs a command in it, as probes do.
     *
     * @param seconds after which it is killed, or 0
     */
    ExecSyncResponse execute(long seconds, String... command) {
        return runtime.call(
                "ExecSync",
                ExecSyncRequest.newBuilder()
                        .setContainerId(id)
                        .addAllCmd(List.of(command))
                        .setTimeout(seconds)
                        .build(),
                ExecSyncResponse.class);
    }

    /** @return where the streams of a new process with input are */
    String execution(boolean terminal, String... command) {
        return runtime.call(
                        "Exec",
                        ExecRequest.newBuilder()
                                .setContainerId(id)
                                .addAllCmd(List.of(command))
                                .setTty(terminal)
                                .setStdin(true)
                                .setStdout(true)
                                .setStderr(!terminal)
                                .build(),
                        ExecResponse.class)
                .getUrl();
    }

    /** @return where the streams of its process are, which has been started with input */
    String attachment(boolean terminal) {
        return runtime.call(
                        "Attach",
                        AttachRequest.newBuilder()
                                .setContainerId(id)
                                .setTty(terminal)
                                .setStdin(true)
                                .setStdout(true)
                                .setStderr(!terminal)
                                .build(),
                        AttachResponse.class)
                .getUrl();
    }

    ContainerStatus status() {
        return runtime.call(
                        "ContainerStatus",
                        ContainerStatusRequest.newBuilder().setContainerId(id).build(),
                        ContainerStatusResponse.class)
                .getStatus();
    }

    /** Waits until it has ended by itself. */
    ContainerStatus awaitEnd() {
        Eventually.isEqual("its state", ContainerState.CONTAINER_EXITED, () -> status().getState());
        return status();
    }

    ContainerStats stats() {
        return runtime.call(
                        "ContainerStats",
                        ContainerStatsRequest.newBuilder().setContainerId(id).build(),
                        ContainerStatsResponse.class)
                .getStats();
    }

    void update(LinuxContainerResources resources) {
        runtime.call(
                "UpdateContainerResources",
                UpdateContainerResourcesRequest.newBuilder()
                        .setContainerId(id)
                        .setLinux(resources)
                        .build(),
                UpdateContainerResourcesResponse.class);
    }

    /** Sends its stop signal, and after so many seconds SIGKILL. */
    void stop(long seconds) {
        runtime.call(
                "StopContainer",
                StopContainerRequest.newBuilder()
                        .setContainerId(id)
                        .setTimeout(seconds)
                        .build(),
                StopContainerResponse.class);
    }

    /**
     * What it has written, each line with the name of its stream and whether it is whole: kubelet's log format without
     * times.
     */
    String log() {
        try {
            return Files.readString(logFile).replaceAll("(?m)^[0-9]\\S* ", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
