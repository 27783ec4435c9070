// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.host.DebianRoot;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Debian in a container, from its init on. */
abstract class PodmanSystemContainerTests extends PodmanTests {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String SERVICE = """
            [Service]
            Type=oneshot
            ExecStart=/bin/echo at work
            """;

    /** JUnit would mention each of its links. */
    @AfterEach
    void removeRoot() {
        Programs.run("rm", "-rf", "--one-file-system", scratch.resolve("debian").toString());
    }

    @Test
    void systemdIsItsInit() throws IOException {
        Path root = scratch.resolve("debian");
        Programs.run(
                "cp",
                "-a",
                "--reflink=auto",
                DebianRoot.of("bookworm", "systemd", "systemd-sysv").toString(),
                root.toString());
        Files.writeString(root.resolve("etc/systemd/system/made.service"), SERVICE);
        String seen = sameAsWithRunc(session -> {
            session.run("--detach", "--name=c", "--systemd=always", "--rootfs", root + ":O", "/sbin/init");
            Eventually.isTrueWithin(
                    LIMIT,
                    "the system is running",
                    () -> session.quietly("exec", "c", "systemctl", "is-system-running")
                            .output()
                            .equals("running\n"));
            session.podman("exec", "c", "systemctl", "--failed", "--no-legend", "--plain");
            session.podman("exec", "c", "systemctl", "start", "made.service");
            session.awaits(
                    "at work", "exec", "c", "journalctl", "--output=cat", "--unit=made.service", "--grep=at work");
            session.podman("exec", "c", "systemctl", "show", "--property=ExecMainStatus", "made.service");
            // By SIGRTMIN+3, which Podman knows to be the right one.
            session.podman("stop", "--time=60", "c");
            session.podman("inspect", "--format", "{{.State.Status}} {{.State.ExitCode}} {{.Config.StopSignal}}", "c");
            session.podman("rm", "c");
        });
        assertTrue(seen.contains("--plain\n-> 0\n"), seen);
        assertTrue(seen.contains("\nexited 0 "), seen);
    }
}
