// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs that call runtimes, told to call this one, with all that they ask for by default but what root may not do here. */
class ClientsIT extends RealContainers {

    private static final String IMAGE = "localhost/made";
    private static final Path SETTINGS = Path.of("../scripts/engines");

    /** What is installed for an engine's administrator to copy. */
    private Path settings(String name) throws IOException {
        String text = Files.readString(SETTINGS.resolve(name));
        return Files.writeString(
                directory.resolve(name),
                text.replace("@PREFIX@/bin/jrun", jrun.program().toString()));
    }

    /** Conmon has the socket, and the configuration mounts it: what the runtime has to do is nothing more. */
    @Test
    void podmanHandsNotificationsOn() throws IOException, InterruptedException {
        Programs.need("musl-gcc");
        Path source = Files.writeString(directory.resolve("notify.c"), """
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
                """);
        Path notify = directory.resolve("notify");
        Programs.run("musl-gcc", "-static", "-o", notify.toString(), source.toString());
        importForPodman();
        Path socket = directory.resolve("service.sock");
        try (NotificationListener service = NotificationListener.at(socket)) {
            Execution run = Execution.of(behindEnvironment(
                    "NOTIFY_SOCKET=" + socket,
                    podmanWords(
                            "run",
                            "--rm",
                            "--network=none",
                            "--ulimit=nofile=1024:1024",
                            "--ulimit=nproc=1000:1000",
                            "--sdnotify=container",
                            "--volume=" + notify + ":/notify:ro",
                            IMAGE,
                            "/notify")));
            assertEquals("", run.succeeds().output());
            // One is the container's, by way of conmon, and one Podman's own.
            List<String> messages = service.messages(2).stream().sorted().toList();
            assertTrue(messages.getFirst().matches("MAINPID=[1-9][0-9]*"), messages::toString);
            assertEquals("READY=1", messages.getLast());
        }
    }

    private static ProcessBuilder behindEnvironment(String entry, List<String> command) {
        List<String> words = new ArrayList<>(List.of("env", entry));
        words.addAll(command);
        return new ProcessBuilder(words);
    }

    private void importForPodman() throws IOException {
        Programs.need("podman", "tar");
        Bundle content = sandbox.bundle();
        String archive = directory.resolve("root.tar").toString();
        Programs.run("tar", "-C", content.rootfs().toString(), "-cf", archive, ".");
        podman("import", archive, IMAGE).succeeds();
    }

    private Execution podman(String... arguments) throws IOException {
        return Execution.of(new ProcessBuilder(podmanWords(arguments)));
    }

    private List<String> podmanWords(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("env", "CONTAINERS_CONF=" + settings("containers.conf")));
        words.addAll(List.of("podman", "--cgroup-manager=cgroupfs", "--events-backend=file"));
        words.addAll(List.of(
                "--storage-driver=vfs", "--root", directory.resolve("podman").toString()));
        words.addAll(List.of("--runroot", directory.resolve("podman-run").toString()));
        words.add("--runtime=jrun");
        words.addAll(List.of(arguments));
        return words;
    }
}
