// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import static dev.jrun.cli.clients.podman.Podman.IMAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Podman that has systemd manage cgroups, which is its default, in the machine that {@code scripts/test-in-vm
 * --systemd} boots.
 */
abstract class PodmanSystemdTests extends PodmanTests {

    private static final String UNIT = "jrun-it-split.service";

    /** One whose systemd is this host's; otherwise as {@link #open}. */
    abstract Machine openUnderSystemd(Path scratch);

    @Override
    Machine open(Path scratch) {
        Programs.skipUnless(Files.isDirectory(Path.of("/run/systemd/system")), "systemd is not init here");
        Programs.need("systemctl", "systemd-run");
        return openUnderSystemd(scratch);
    }

    @Override
    Podman openOn(Machine machine) throws IOException {
        return Podman.withSystemd(machine, scratch);
    }

    @AfterEach
    void noUnitIsLeft() {
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

    private static void awaitGone(String unit) {
        Eventually.isEqual(
                "its unit",
                "not-found",
                () -> systemctl("show", "--value", "--property=LoadState", unit)
                        .output()
                        .strip());
    }

    private static void show(PodmanSession session, String unit, String properties) {
        Execution shown = systemctl("show", "--property=" + properties, unit);
        session.transcript().add(List.of("unit"), shown);
    }

    @Test
    void aContainerIsAUnitOfPodmans() throws IOException {
        String seen = sameAsWithRunc(session -> {
            session.run("--detach", "--name=c", "--memory=64m", "--pids-limit=50", IMAGE, "sleep", "1000");
            String unit = "libpod-" + session.inspected("{{.Id}}", "c") + ".scope";
            show(session, unit, "ActiveState,Slice,MemoryMax,TasksMax");
            session.podman("exec", "c", "sh", "-c", "echo ok; exit 7");
            session.podman("update", "--memory=32m", "--cpus=0.5", "c");
            show(session, unit, "MemoryMax,CPUQuotaPerSecUSec");
            session.podman("exec", "c", "cat", "/proc/self/cgroup", "/sys/fs/cgroup/memory.max");
            session.podman("stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}}", "c");
            session.podman("pause", "c");
            session.podman("inspect", "--format", "{{.State.Status}} {{.State.CgroupPath}}", "c");
            session.podman("unpause", "c");
            session.podman("stop", "--time=0", "c");
            session.podman("wait", "c");
            awaitGone(unit);
            session.podman("start", "c");
            show(session, unit, "ActiveState");
            session.podman("rm", "--force", "--time=0", "c");
            awaitGone(unit);
        });
        List<String> lines = seen.lines().toList();
        for (String line : List.of(
                "Slice=machine.slice",
                "MemoryMax=67108864",
                "TasksMax=50",
                "ok",
                "-> 7",
                "MemoryMax=33554432",
                "CPUQuotaPerSecUSec=500ms",
                "0::/",
                "33554432",
                "c 1",
                "paused /machine.slice/libpod-ID.scope",
                "137")) {
            assertTrue(lines.contains(line), () -> "no \"" + line + "\": " + seen);
        }
        assertEquals(2, lines.stream().filter("ActiveState=active"::equals).count(), seen);
    }

    /** The service's monitor is in another that is made for it. */
    @Test
    void aContainerMayBeInTheCgroupOfItsService() throws IOException {
        String seen = sameAsWithRunc(session -> {
            List<String> words = new ArrayList<>(
                    List.of("systemd-run", "--quiet", "--wait", "--pipe", "--collect", "--unit=" + UNIT));
            words.addAll(List.of("--property=Delegate=yes", "--"));
            words.addAll(podman.command(
                            session.runtime(),
                            "run",
                            "--rm",
                            "--network=none",
                            "--cgroups=split",
                            "--cgroupns=host",
                            "--memory=64m",
                            IMAGE,
                            "sh",
                            "-c",
                            "cat /proc/self/cgroup; cat /sys/fs/cgroup$(cut -d : -f 3 /proc/self/cgroup)/memory.max")
                    .command());
            session.transcript().add(List.of("run --cgroups=split"), Execution.of(new ProcessBuilder(words)));
        });
        assertTrue(seen.contains("0::/system.slice/" + UNIT + "/libpod-payload-"), seen);
        assertTrue(seen.contains("\n67108864\n-> 0\n"), seen);
    }
}
