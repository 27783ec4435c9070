// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.CLibrary;
import dev.jrun.cli.testing.host.DescriptorMessage;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.terminal.ConsoleListener;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Whoever listens on {@code --pidfd-socket} gets a pidfd of a container's first process; beside runc, if that has the
 * option.
 */
class PidfdSocketIT extends RealContainers {

    /** {@code 424} on all machines but alpha. */
    private static final int PIDFD_SEND_SIGNAL = 424;

    private static final int SIGKILL = 9;

    private List<OciRuntime> withRunc() {
        List<OciRuntime> runtimes = new ArrayList<>(List.of(jrun));
        sandbox.installed("runc")
                .filter(runc -> runc.call("create", "--help").output().contains("--pidfd-socket"))
                .ifPresentOrElse(
                        runtimes::add,
                        () -> System.out.println("Left out: no runc is installed that has --pidfd-socket"));
        return runtimes;
    }

    @Test
    void aPidfdOfTheFirstProcessIsSent() throws IOException {
        Bundle bundle = sandbox.bundle().runs("sleep", "1000");
        for (OciRuntime runtime : withRunc()) {
            for (List<String> command : List.of(List.of("create"), List.of("run", "--detach"))) {
                String id = sandbox.newId();
                List<String> words = new ArrayList<>(command);
                try (ConsoleListener listener = ConsoleListener.at(directory.resolve("pidfd-" + id))) {
                    words.addAll(List.of("--bundle", bundle.path(), "--pidfd-socket", listener.path(), id));
                    runtime.call(words.toArray(String[]::new)).succeeds();
                    List<DescriptorMessage> messages = listener.messages();
                    int pidfd = messages.getFirst().descriptor();
                    assertEquals("standard", messages.getFirst().text());
                    assertEquals(new DescriptorMessage("", 0), messages.getLast());
                    assertEquals(runtime.state(id).get("pid").asText(), pid(pidfd));

                    CLibrary.call(
                            "syscall", (long) PIDFD_SEND_SIGNAL, (long) pidfd, (long) SIGKILL, MemorySegment.NULL, 0L);
                    runtime.awaitStatus(id, "stopped");
                    CLibrary.call("close", pidfd);
                }
                runtime.call("delete", id).succeeds();
            }
        }
    }

    @Test
    void thatOfAProcessThatIsExecutedIsSentBeforeItRuns() throws IOException {
        String id = sandbox.newId();
        jrun.call(
                        "run",
                        "--detach",
                        "--bundle",
                        sandbox.bundle().runs("sleep", "1000").path(),
                        id)
                .succeeds();
        Path pidFile = directory.resolve("pid");
        try (ConsoleListener listener = ConsoleListener.at(directory.resolve("pidfd"))) {
            jrun.call(
                            "exec",
                            "--detach",
                            "--pid-file",
                            pidFile.toString(),
                            "--pidfd-socket",
                            listener.path(),
                            id,
                            "sleep",
                            "1000")
                    .succeeds();
            List<DescriptorMessage> messages = listener.messages();
            assertEquals("setns", messages.getFirst().text());
            assertEquals(Files.readString(pidFile), pid(messages.getFirst().descriptor()));
            CLibrary.call("close", messages.getFirst().descriptor());
        }
        Execution refused =
                jrun.call("exec", "--pidfd-socket", directory.resolve("nobody").toString(), id, "true");
        assertEquals(255, refused.code(), refused::toString);
        assertTrue(refused.errors().contains("exec failed: connect to the pidfd socket"), refused::toString);
        jrun.call("delete", "--force", id).succeeds();
    }

    /** What proc(5) has of a pidfd, in fdinfo. */
    private static String pid(int pidfd) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/fdinfo/" + pidfd)).stream()
                .filter(line -> line.startsWith("Pid:"))
                .map(line -> line.substring("Pid:".length()).strip())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void inTheForegroundToo() throws Exception {
        Bundle bundle = sandbox.bundle().runsScript("sleep 1000");
        String id = sandbox.newId();
        try (ConsoleListener listener = ConsoleListener.at(directory.resolve("pidfd"))) {
            Execution.Started run = jrun.start(
                    Path.of("/dev/null"), "run", "--bundle", bundle.path(), "--pidfd-socket", listener.path(), id);
            int pidfd = listener.messages().getFirst().descriptor();
            jrun.awaitStatus(id, "running");
            assertEquals(jrun.state(id).get("pid").asText(), pid(pidfd));
            CLibrary.call("syscall", (long) PIDFD_SEND_SIGNAL, (long) pidfd, (long) SIGKILL, MemorySegment.NULL, 0L);
            assertEquals(128 + SIGKILL, run.await().code());
            CLibrary.call("close", pidfd);
        }
        sandbox.assertNothingIsLeft();
    }

    @Test
    void somebodyHasToListen() throws IOException {
        Bundle bundle = sandbox.bundle().runsScript("echo never");
        Path file = Files.writeString(directory.resolve("file"), "");
        for (Path nobody : List.of(file, directory.resolve("nothing"))) {
            Path pidFile = directory.resolve("pid");
            jrun.call(
                            "create",
                            "--bundle",
                            bundle.path(),
                            "--pid-file",
                            pidFile.toString(),
                            "--pidfd-socket",
                            nobody.toString(),
                            sandbox.newId())
                    .failsWith("connect to the pidfd socket " + nobody + ": ");
            assertTrue(Files.notExists(pidFile));
        }
        sandbox.assertNothingIsLeft();
    }
}
