// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import static dev.jrun.cli.clients.podman.Podman.IMAGE;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Bridges, on a machine whose network is its own. */
abstract class PodmanNetworkTests extends PodmanTests {

    private static final String SERVE = "mkdir /w; echo a page > /w/index.html; exec httpd -f -p 80 -h /w";

    @Test
    void containersTalkAcrossABridge() throws IOException {
        String seen = sameAsWithRunc(session -> {
            session.podman("network", "create", "--subnet=10.99.0.0/24", "made");
            session.podman(
                    "run",
                    "--detach",
                    "--name=web",
                    "--network=made",
                    "--ip=10.99.0.10",
                    "--publish=127.0.0.1:8099:80",
                    IMAGE,
                    "sh",
                    "-c",
                    SERVE);
            Eventually.isEqual(
                    "what is published",
                    "a page\n",
                    () -> Execution.of(
                                    podman.machine().command("busybox", "wget", "-q", "-O-", "http://127.0.0.1:8099/"))
                            .output());
            session.podman(
                    "run",
                    "--rm",
                    "--network=made",
                    "--ip=10.99.0.11",
                    IMAGE,
                    "sh",
                    "-c",
                    "ip -o -4 address show dev eth0 | cut -d ' ' -f 2-7; ip route; wget -q -O- http://10.99.0.10/");
            session.podman("port", "web");
            session.podman("inspect", "--format", "{{.NetworkSettings.Networks.made.IPAddress}}", "web");
            session.podman("rm", "--force", "--time=0", "web");
            session.podman("network", "rm", "made");
        });
        assertTrue(seen.contains("inet 10.99.0.11/24"), seen);
        assertTrue(seen.contains("\na page\n-> 0\n"), seen);
        assertTrue(seen.contains("\n80/tcp -> 127.0.0.1:8099\n"), seen);
    }

    /** Which Podman connects to a container that there is, and disconnects. */
    @Test
    void aNetworkComesAndGoesWhileAContainerRuns() throws IOException {
        String seen = sameAsWithRunc(session -> {
            session.podman("network", "create", "--subnet=10.98.0.0/24", "first");
            session.podman("network", "create", "--subnet=10.97.0.0/24", "second");
            session.podman("run", "--detach", "--name=c", "--network=first", IMAGE, "sleep", "1000");
            session.podman("network", "connect", "second", "c");
            session.podman("exec", "c", "sh", "-c", "ls /sys/class/net");
            session.podman("network", "disconnect", "second", "c");
            session.podman("exec", "c", "sh", "-c", "ls /sys/class/net");
            session.podman("rm", "--force", "--time=0", "c");
            session.podman("network", "rm", "first", "second");
        });
        assertTrue(seen.contains("eth0\neth1\nlo\n"), seen);
        assertTrue(seen.contains("eth0\nlo\n-> 0\n"), seen);
    }
}
