// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.clients.ThisHost;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Podman where systemd makes cgroups, looks after health, and has containers as services: in the machine that
 * {@code scripts/test-in-vm --systemd} boots, which has cgroup v2 alone.
 */
class PodmanUnitsIT extends PodmanTests {

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String UNIT = "jrun-it-made.service";

    @Override
    Machine open(Path scratch) {
        Programs.skipUnless(Files.isDirectory(Path.of("/run/systemd/system")), "systemd is not init here");
        return ThisHost.with("podman", "runc", "tar", "systemctl", "systemd-run");
    }

    @Override
    Podman openOn(Machine machine) throws IOException {
        return Podman.withSystemd(machine, scratch);
    }

    @Test
    void aContainerMayBeWithoutACgroup() throws IOException {
        String own = Files.readString(Path.of("/proc/self/cgroup"));
        String disabled = played(
                "jrun", session -> session.script("cat /proc/self/cgroup", "--cgroups=disabled", "--cgroupns=host"));
        assertTrue(disabled.endsWith("\n" + own + "-> 0\n"), () -> disabled + own);
        String without = sameAsWithRunc(
                session -> session.script("cat /proc/self/cgroup", "--cgroups=no-conmon", "--cgroupns=host"));
        assertTrue(without.contains("0::/machine.slice/libpod-"), without);
    }

    /** What a timer calls is a podman without any options, which has other containers than that of the other tests. */
    @Test
    void timersLookAfterHealth() throws IOException {
        Path root = Bundle.create(scratch.resolve("healthy")).rootfs();
        String name = "jrun-it-health";
        try {
            Programs.run(
                    "podman",
                    "--runtime=" + Machine.JRUN,
                    "run",
                    "--detach",
                    "--name=" + name,
                    "--network=none",
                    "--health-cmd=test -e /well",
                    "--health-interval=1s",
                    "--health-retries=1",
                    "--rootfs",
                    root.toString(),
                    "sleep",
                    "1000");
            Eventually.isEqualWithin(LIMIT, "health", "unhealthy", () -> health(name));
            Programs.run("podman", "exec", name, "touch", "/well");
            Eventually.isEqualWithin(LIMIT, "health", "healthy", () -> health(name));
        } finally {
            Programs.run("podman", "rm", "--force", "--time=0", name);
        }
    }

    private static String health(String name) {
        return Programs.run("podman", "inspect", "--format={{.State.Healthcheck.Status}}", name)
                .output()
                .strip();
    }

    /** systemd in it says READY=1 when it has come up, which makes the service active: sd_notify(3). */
    @Test
    void aSystemContainerIsAServiceThatSaysWhenItIsUp() throws IOException {
        Path root = systemOfThisHost(scratch.resolve("system"));
        List<String> words = new ArrayList<>(List.of("systemd-run", "--unit=" + UNIT, "--service-type=notify"));
        words.addAll(List.of(
                "--property=NotifyAccess=all",
                "--property=TimeoutStartSec=600",
                "--property=RemainAfterExit=yes",
                "--"));
        words.addAll(podman.words(
                "jrun",
                "run",
                "--name=system",
                "--network=none",
                "--sdnotify=container",
                "--systemd=always",
                "--volume=/usr:/usr:ro",
                "--rootfs",
                root.toString(),
                "/usr/lib/systemd/systemd",
                "--unit=basic.target"));
        try {
            Execution.started(new ProcessBuilder(words), Path.of("/dev/null"))
                    .await(LIMIT.toSeconds())
                    .succeeds();
            assertEquals("active", systemctl("is-active", UNIT));
            var session = new PodmanSession(podman, "jrun");
            assertTrue(List.of("running", "degraded")
                    .contains(session.quietly("exec", "system", "systemctl", "is-system-running")
                            .output()
                            .strip()));
            assertEquals(
                    "",
                    session.quietly("exec", "system", "systemctl", "--failed", "--no-legend", "--plain")
                            .output());
            assertTrue(session.quietly("exec", "system", "journalctl", "--output=cat")
                    .output()
                    .contains("Reached target basic.target"));
            session.quietly("stop", "--time=200", "system").succeeds();
            assertEquals("exited 0", session.inspected("{{.State.Status}} {{.State.ExitCode}}", "system"));
        } finally {
            Execution.of(new ProcessBuilder("systemctl", "stop", UNIT));
            Execution.of(new ProcessBuilder("systemctl", "reset-failed", UNIT));
        }
    }

    private static String systemctl(String... words) {
        List<String> command = new ArrayList<>(List.of("systemctl", "--no-pager"));
        command.addAll(List.of(words));
        return Execution.of(new ProcessBuilder(command)).output().strip();
    }

    /** Its programs are the host's, by a mount. */
    private static Path systemOfThisHost(Path root) throws IOException {
        for (String name :
                List.of("etc", "usr", "run", "tmp", "proc", "sys", "dev", "var/log/journal", "var/lib", "var/tmp")) {
            Files.createDirectories(root.resolve(name));
        }
        for (String name : List.of("bin", "sbin", "lib", "lib64")) {
            Files.createSymbolicLink(root.resolve(name), Path.of("usr", name));
        }
        Files.writeString(root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\n");
        Files.writeString(root.resolve("etc/machine-id"), "");
        return root;
    }
}
