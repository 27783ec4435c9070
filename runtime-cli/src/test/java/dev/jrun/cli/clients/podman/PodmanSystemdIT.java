// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Podman that has systemd manage cgroups, which is its default, in the machine that {@code scripts/test-in-vm
 * --systemd} boots.
 */
class PodmanSystemdIT extends RealContainers {

    private static final String NAME = "lasting";

    private Path rootfs;

    @BeforeEach
    void needSystemd() {
        Programs.skipUnless(Files.isDirectory(Path.of("/run/systemd/system")), "systemd is not init here");
        Programs.need("podman", "systemctl");
        rootfs = sandbox.bundle().rootfs();
    }

    @AfterEach
    void noUnitIsLeft() {
        podman("rm", "--force", "--all", "--time=0");
        Eventually.isEqual(
                "units left",
                "",
                () -> systemctl("list-units", "--all", "--plain", "--no-legend", "libpod-*.scope")
                        .output());
    }

    private static Execution systemctl(String... words) {
        List<String> command = new ArrayList<>(List.of("systemctl", "--no-pager"));
        command.addAll(List.of(words));
        return Execution.of(new ProcessBuilder(command));
    }

    private Execution podman(String... arguments) {
        List<String> words = new ArrayList<>(List.of("podman", "--cgroup-manager=systemd", "--events-backend=file"));
        words.addAll(List.of(
                "--storage-driver=vfs", "--root", directory.resolve("podman").toString()));
        words.addAll(List.of("--runroot", directory.resolve("podman-run").toString()));
        words.addAll(List.of("--runtime", jrun.program().toString()));
        words.addAll(List.of(arguments));
        return Execution.of(new ProcessBuilder(words));
    }

    private Execution run(String... arguments) {
        List<String> words = new ArrayList<>(List.of("run", "--network=none"));
        words.addAll(List.of(arguments));
        return podman(words.toArray(String[]::new));
    }

    private static String show(String unit, String property) {
        return systemctl("show", "--value", "-p", property, unit)
                .succeeds()
                .output()
                .strip();
    }

    private JsonNode inspect() {
        return OciRuntime.json(podman("inspect", NAME).succeeds().output()).get(0);
    }

    @Test
    void aContainerIsAUnitOfPodmans() {
        assertEquals(
                3,
                run("--rm", "--rootfs", rootfs.toString(), "sh", "-c", "exit 3").code());
        run(
                        "--detach",
                        "--name",
                        NAME,
                        "--memory=64m",
                        "--pids-limit=50",
                        "--rootfs",
                        rootfs.toString(),
                        "sleep",
                        "1000")
                .succeeds();
        JsonNode found = inspect();
        String unit = "libpod-" + found.get("Id").asText() + ".scope";
        assertEquals(
                "/machine.slice/" + unit, found.get("State").get("CgroupPath").asText());
        assertEquals("active", show(unit, "ActiveState"));
        assertEquals("67108864", show(unit, "MemoryMax"));
        assertEquals("50", show(unit, "TasksMax"));

        assertEquals(
                "ok\n", podman("exec", NAME, "sh", "-c", "echo ok").succeeds().output());
        assertEquals(7, podman("exec", NAME, "sh", "-c", "exit 7").code());

        podman("update", "--memory=32m", "--cpus=0.5", NAME).succeeds();
        assertEquals("33554432", show(unit, "MemoryMax"));
        assertEquals("500ms", show(unit, "CPUQuotaPerSecUSec"));
        assertEquals(
                "33554432\n",
                podman("exec", NAME, "cat", "/sys/fs/cgroup/memory.max")
                        .succeeds()
                        .output());

        JsonNode statistics = OciRuntime.json(podman("stats", "--no-stream", "--format", "json", NAME)
                        .succeeds()
                        .output())
                .get(0);
        assertEquals("1", statistics.get("pids").asText());
        assertTrue(statistics.get("mem_usage").asText().matches("[1-9].*B / .*"), statistics::toString);

        podman("pause", NAME).succeeds();
        assertEquals("paused", inspect().get("State").get("Status").asText());
        podman("unpause", NAME).succeeds();
        assertEquals("running", inspect().get("State").get("Status").asText());

        podman("stop", "--time=0", NAME).succeeds();
        assertEquals("137\n", podman("wait", NAME).succeeds().output());
        Eventually.isEqual("its unit", "not-found", () -> show(unit, "LoadState"));
        podman("start", NAME).succeeds();
        assertEquals("active", show(unit, "ActiveState"));
        podman("rm", "--force", "--time=0", NAME).succeeds();
        Eventually.isEqual("its unit", "not-found", () -> show(unit, "LoadState"));
    }
}
