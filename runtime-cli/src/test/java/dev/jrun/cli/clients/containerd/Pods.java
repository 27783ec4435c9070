// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import dev.jrun.cli.clients.CgroupOfTests;
import dev.jrun.cli.clients.cri.LinuxPodSandboxConfig;
import dev.jrun.cli.clients.cri.LinuxSandboxSecurityContext;
import dev.jrun.cli.clients.cri.NamespaceMode;
import dev.jrun.cli.clients.cri.NamespaceOption;
import dev.jrun.cli.clients.cri.PodSandboxConfig;
import dev.jrun.cli.clients.cri.PodSandboxMetadata;
import dev.jrun.cli.clients.cri.RunPodSandboxRequest;
import dev.jrun.cli.clients.cri.RunPodSandboxResponse;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Makes pods as a kubelet does.
 *
 * @param handler of the runtime, as a RuntimeClass has it
 * @param logs where containers' output goes
 * @param cgroup below which that of each pod is
 */
record Pods(CriClient runtime, String handler, Path logs, String cgroup) {

    /** A pod's network and IPC; each container has a pid namespace of its own. */
    static final NamespaceOption NAMESPACES =
            NamespaceOption.newBuilder().setPid(NamespaceMode.CONTAINER).build();

    private static final AtomicInteger COUNT = new AtomicInteger();

    Pod run() {
        return run(_ -> {});
    }

    /** Runs one that differs from the plainest in this. */
    Pod run(Consumer<PodSandboxConfig.Builder> change) {
        String name = "pod-" + COUNT.incrementAndGet();
        var own = new CgroupOfTests(cgroup + "/" + name);
        PodSandboxConfig.Builder builder = PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder()
                        .setName(name)
                        .setUid(name)
                        .setNamespace("default"))
                .setHostname("pod")
                .setLogDirectory(logs.resolve(name).toString())
                .setLinux(LinuxPodSandboxConfig.newBuilder()
                        .setCgroupParent("/" + own.name())
                        .setSecurityContext(
                                LinuxSandboxSecurityContext.newBuilder().setNamespaceOptions(NAMESPACES)));
        change.accept(builder);
        PodSandboxConfig config = builder.build();
        String id = runtime.call(
                        "RunPodSandbox",
                        RunPodSandboxRequest.newBuilder()
                                .setConfig(config)
                                .setRuntimeHandler(handler)
                                .build(),
                        RunPodSandboxResponse.class)
                .getPodSandboxId();
        return new Pod(runtime, config, own, id);
    }
}
