// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import static dev.jrun.cli.clients.podman.Podman.IMAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jrun.cli.clients.Transcript;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.cli.testing.notify.NotificationListener;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Podman behind its API, and containers that are services themselves. */
abstract class PodmanServiceTests extends PodmanTests {

    private static final String NOTIFIES = """
            #include <stdlib.h>
            #include <string.h>
            #include <sys/socket.h>
            #include <sys/un.h>
            int main(void) {
                struct sockaddr_un address = {.sun_family = AF_UNIX};
                strncpy(address.sun_path, getenv("NOTIFY_SOCKET"), sizeof address.sun_path - 1);
                int s = socket(AF_UNIX, SOCK_DGRAM, 0);
                return sendto(s, "READY=1", 7, 0, (void *)&address, sizeof address) != 7;
            }
            """;

    /** Conmon has the socket, and the configuration mounts it: what the runtime has to do is nothing more. */
    @Test
    void handsNotificationsOn() throws IOException {
        Programs.need("musl-gcc");
        Path source = Files.writeString(scratch.resolve("notify.c"), NOTIFIES);
        Path notify = scratch.resolve("notify");
        Programs.run("musl-gcc", "-static", "-o", notify.toString(), source.toString());
        for (String runtime : List.of("runc", "jrun")) {
            Path socket = scratch.resolve(runtime + ".sock");
            try (NotificationListener service = NotificationListener.at(socket)) {
                String[] run = PodmanSession.withoutNetwork(
                        "run", "--rm", "--sdnotify=container", "--volume=" + notify + ":/notify:ro", IMAGE, "/notify");
                Execution.of(podman.commandWith("NOTIFY_SOCKET=" + socket, runtime, run))
                        .succeeds();
                // One is the container's, by way of conmon, and one Podman's own.
                List<String> messages = service.messages(2).stream().sorted().toList();
                assertTrue(messages.getFirst().matches("MAINPID=[1-9][0-9]*"), messages::toString);
                assertEquals("READY=1", messages.getLast());
            }
        }
    }

    @Test
    void servesItsApi() throws IOException {
        String expected = served("runc");
        String found = served("jrun");
        assertEquals(expected, found);
        assertTrue(found.contains("\nout\nerr\n-> 5\n"), found);
        assertTrue(found.contains("id -u\n1000\n-> 0\n"), found);
        assertTrue(found.contains("exit 3\n-> 3\n"), found);
        assertTrue(found.contains("\nc 1\n-> 0\n"), found);
        assertTrue(found.contains("$ wait c\n137\n"), found);
    }

    private String served(String runtime) throws IOException {
        Path socket = scratch.resolve("api.sock");
        Path pid = scratch.resolve("api.pid");
        List<String> words = new ArrayList<>(List.of("sh", "-c", "echo $$ > \"$0\"; exec \"$@\"", pid.toString()));
        words.addAll(podman.words(runtime, "system", "service", "--time=0", "unix://" + socket));
        Process service = podman.machine()
                .command(words)
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("api.log").toFile())
                .start();
        try {
            Eventually.isTrue("the service answers", () -> get(socket, "/_ping").endsWith("OK"));
            return used(new Remote(podman, socket, new Transcript()));
        } finally {
            Execution.of(podman.machine().command("kill", Files.readString(pid).strip()));
            service.onExit().join();
            Files.deleteIfExists(socket);
        }
    }

    private static String used(Remote remote) {
        remote.noted("run", "--rm", "--network=none", IMAGE, "sh", "-c", "echo out; echo err >&2; exit 5");
        remote.noted(
                "run",
                "--detach",
                "--network=none",
                "--name=c",
                "--memory=64m",
                IMAGE,
                "sh",
                "-c",
                "echo logged; exec sleep 1000");
        remote.noted("exec", "--user=bob", "c", "id", "-u");
        remote.noted("exec", "c", "sh", "-c", "exit 3");
        // It may be told what went wrong, or that the connection has ended.
        assertEquals(127, remote.call("exec", "c", "none").code());
        Eventually.isEqual("log", "logged\n", () -> remote.call("logs", "c").output());
        remote.noted("top", "c", "args");
        remote.noted("stats", "--no-stream", "--format={{.Name}} {{.PIDs}}", "c");
        assertEquals(64 << 20, remote.seenByDocker("c").at("/HostConfig/Memory").asInt());
        remote.noted("pause", "c");
        assertEquals("paused", remote.seenByDocker("c").at("/State/Status").asText());
        remote.noted("unpause", "c");
        remote.noted("kill", "c");
        remote.noted("wait", "c");
        remote.noted("rm", "c");
        return remote.transcript().toString();
    }

    /** Another podman, which makes no container itself, and a client of Docker's API. */
    private record Remote(Podman podman, Path socket, Transcript transcript) {

        Execution call(String... arguments) {
            List<String> words = podman.withSettings("podman", "--url=unix://" + socket);
            words.addAll(List.of(arguments));
            return Execution.of(podman.machine().command(words));
        }

        void noted(String... arguments) {
            transcript.add(List.of(arguments), call(arguments));
        }

        JsonNode seenByDocker(String container) {
            return OciRuntime.json(get(socket, "/v1.41/containers/" + container + "/json"));
        }
    }

    /** The body; empty if nobody answers. */
    private static String get(Path socket, String path) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(("GET " + path + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII)));
            String answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        } catch (IOException notYet) {
            return "";
        }
    }
}
