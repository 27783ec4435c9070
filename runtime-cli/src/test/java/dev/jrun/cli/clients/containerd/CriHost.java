// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.clients.CgroupOfTests;
import dev.jrun.cli.clients.Channels;
import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.clients.cri.RuntimeCondition;
import dev.jrun.cli.clients.cri.StatusRequest;
import dev.jrun.cli.clients.cri.StatusResponse;
import dev.jrun.cli.testing.host.Eventually;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A node of Kubernetes, but for its kubelet, where pods are run by runc or by jrun as their RuntimeClass says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CriHost {

    private final CgroupOfTests cgroup = CgroupOfTests.named("jrun-cri");
    private final Opened opened = new Opened();
    private Path directory;
    private Containerd containerd;
    private CriClient client;
    private ExecutorService threads;

    abstract Machine machine(Path scratch);

    /** @param directory for all that is its own */
    Containerd startOn(Machine machine, Path directory) {
        return Containerd.start(machine, directory);
    }

    @BeforeAll
    void start(@TempDir Path scratch) {
        directory = scratch;
        // Also the root of a user namespace has to get to its container's root.
        scratch.toFile().setExecutable(true, false);
        opened.add(cgroup);
        Machine machine = opened.add(machine(scratch));
        containerd = opened.add(startOn(machine, scratch.resolve("containerd")));
        containerd.importImages("k8s.io");
        client = opened.add(CriClient.at(containerd.socket()));
        awaitReady();
        threads = NetworkNamespace.threads(containerd::networkNamespace);
        opened.add(threads::shutdownNow);
    }

    /** The socket is there before the runtime is. */
    private void awaitReady() {
        Eventually.isTrue("pods can be run", () -> {
            try {
                return status().getStatus().getConditionsList().stream().allMatch(RuntimeCondition::getStatus);
            } catch (StatusRuntimeException e) {
                return false;
            }
        });
    }

    StatusResponse status() {
        return client.call("Status", StatusRequest.getDefaultInstance(), StatusResponse.class);
    }

    /** Restarts containerd, and does something while it is away. */
    void restarted(Runnable meanwhile) {
        containerd.stop();
        meanwhile.run();
        containerd.start();
        awaitReady();
    }

    @AfterAll
    void end() throws Exception {
        opened.closeAll();
    }

    Containerd containerd() {
        return containerd;
    }

    CriClient client() {
        return client;
    }

    Path directory() {
        return directory;
    }

    Pods pods(String handler) {
        return new Pods(client, handler, directory.resolve("logs-" + handler), cgroup.name());
    }

    /** A connection to what the runtime serves. */
    Channels connect(String address) {
        return Channels.open(threads, address);
    }

    /** What is done with pods, and a line for all that a user sees of it. */
    @FunctionalInterface
    interface Scenario {
        void play(Pods pods, List<String> seen);
    }

    /** Plays it with both runtimes, which have to look the same. */
    List<String> same(Scenario scenario) {
        List<String> runc = play("runc", scenario);
        List<String> jrun = play("jrun", scenario);
        assertEquals(String.join("\n", runc), String.join("\n", jrun));
        return jrun;
    }

    private List<String> play(String handler, Scenario scenario) {
        List<String> seen = new ArrayList<>();
        scenario.play(pods(handler), seen);
        return seen;
    }
}
