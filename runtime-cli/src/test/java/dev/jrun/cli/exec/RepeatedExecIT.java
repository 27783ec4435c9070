// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same {@code exec} again and again, as a probe comes: the engine knows it from the third time on. */
class RepeatedExecIT extends RealContainers {

    private static final int TIMES = 4;

    /** What was executed is known to one engine. */
    @BeforeEach
    void startWithoutAnEngine() {
        jrun.call("engine", "stop");
    }

    private Bundle idle() {
        return sandbox.bundle().runs("sleep", "1000").with("/root/readonly", "false");
    }

    private String started(Bundle bundle) {
        String id = sandbox.newId();
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        return id;
    }

    private Execution exec(String id, List<String> options, String... command) {
        List<String> words = new ArrayList<>(List.of("exec"));
        words.addAll(options);
        words.add(id);
        words.addAll(List.of(command));
        return jrun.call(words.toArray(new String[0]));
    }

    private Path document(String json) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "process", ".json"), json);
    }

    /** @return what it said each time */
    private String sameEachTime(String id, List<String> options, String... command) {
        Execution first = exec(id, options, command);
        for (int time = 1; time < TIMES; time++) {
            Execution again = exec(id, options, command);
            assertEquals(first.output(), again.output(), again::toString);
            assertEquals(first.errors(), again.errors());
            assertEquals(first.code(), again.code());
        }
        return first.output();
    }

    private static final String LOOK = "id; pwd; umask; ulimit -n; env | sort; cat /proc/self/oom_score_adj;"
            + " ls /proc/self/fd | wc -l; grep -E 'Cap|NoNew|Groups|Seccomp|SigBlk' /proc/self/status; exit 7";

    @Test
    void doesTheSame() throws IOException {
        String id = started(idle().with(
                        "/linux/seccomp",
                        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"mkdir\", \"mkdirat\"],"
                                + " \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 28}]}"));

        String plain = sameEachTime(id, List.of(), "sh", "-c", LOOK);
        assertTrue(plain.contains("HOME="), plain);
        String other = sameEachTime(
                id,
                List.of("--user", "1000:5", "-g", "9", "--cwd", "/tmp", "-e", "A=b", "--cap", "CAP_KILL"),
                "sh",
                "-c",
                LOOK);
        assertTrue(other.contains("uid=1000") && other.contains("A=b"), other);
        String limited = sameEachTime(
                id,
                List.of(
                        "--process",
                        document(
                                        "{\"args\": [\"sh\", \"-c\", \"ulimit -n; mkdir /tmp/d 2>&1; echo $?\"], \"cwd\": \"/\","
                                                + " \"env\": [\"PATH=/bin\"], \"rlimits\": [{\"type\": \"RLIMIT_NOFILE\", \"soft\": 50, \"hard\": 60}]}")
                                .toString()));
        assertTrue(limited.startsWith("50\n") && limited.contains("No space left"), limited);
    }

    @Test
    void optionsThatDifferAreNotTakenForOneAnother() {
        String id = started(idle());
        for (int time = 0; time < TIMES; time++) {
            assertEquals(
                    "1\n", exec(id, List.of("-e", "A=1"), "sh", "-c", "echo $A").output());
            assertEquals(
                    "2\n", exec(id, List.of("-e", "A=2"), "sh", "-c", "echo $A").output());
            assertEquals("\n", exec(id, List.of(), "sh", "-c", "echo $A").output());
            assertEquals("A=1\n", exec(id, List.of(), "echo", "A=1").output());
            assertEquals("0\n", exec(id, List.of("--user", "0"), "id", "-u").output());
            assertEquals("5\n", exec(id, List.of("--user", "5"), "id", "-u").output());
        }
    }

    @Test
    void aDocumentIsWhatItSaysNow() throws IOException {
        String id = started(idle());
        Path file = document("");
        for (int time = 0; time < 2 * TIMES; time++) {
            String said = time < TIMES ? "old" : "new";
            Files.writeString(
                    file, "{\"args\": [\"echo\", \"" + said + "\"], \"cwd\": \"/\", \"env\": [\"PATH=/bin\"]}");
            assertEquals(
                    said + "\n", exec(id, List.of("--process", file.toString())).output());
        }
    }

    /** containerd calls it another each time. */
    @Test
    void eachPidFileIsWritten() throws IOException {
        String id = started(idle());
        Path process = document("{\"args\": [\"sh\", \"-c\", \"echo $$\"], \"cwd\": \"/\", \"env\": [\"PATH=/bin\"]}");
        Path longer = Files.createDirectory(directory.resolve("a-directory-with-a-name"));
        for (int time = 0; time < 2 * TIMES; time++) {
            Path file = (time % 2 == 0 ? directory : longer).resolve("pid-" + time);
            exec(id, List.of("--detach", "--process", process.toString(), "--pid-file", file.toString()))
                    .succeeds();
            assertTrue(Files.readString(file).matches("[0-9]+"), file::toString);
            Files.delete(file);
        }
        for (Path place : List.of(directory, longer)) {
            try (var files = Files.list(place)) {
                assertEquals(
                        0,
                        files.filter(file -> file.getFileName().toString().contains("pid-"))
                                .count());
            }
        }
    }

    @Test
    void whatFailsNamesTheFilesOfItsOwnCall() throws IOException {
        String id = started(idle());
        Path process = document("{\"args\": [\"true\"], \"cwd\": \"/\", \"env\": [\"PATH=/bin\"]}");
        for (int time = 0; time < TIMES; time++) {
            exec(
                            id,
                            List.of(
                                    "--process",
                                    process.toString(),
                                    "--pid-file",
                                    directory.resolve("file-" + time).toString()))
                    .succeeds();
        }
        Path lost = directory.resolve("nonexist/file");
        Path sameLength = directory
                .resolveSibling(directory.getFileName().toString().replaceAll(".", "x"))
                .resolve("f");
        for (Path file : List.of(lost, sameLength)) {
            Execution failed = exec(id, List.of("--process", process.toString(), "--pid-file", file.toString()));
            assertEquals(255, failed.code(), failed::toString);
            assertTrue(failed.errors().contains("pid file " + file), failed::toString);
        }
    }

    /** What was there is not there any more: the same words, from the same step. */
    @Test
    void whatFailsFailsAsTheFirstTime() {
        String id = started(idle());
        for (int time = 0; time < TIMES; time++) {
            exec(id, List.of(), "/tmp/program");
        }
        String absent = exec(id, List.of(), "/tmp/program").errors();
        assertTrue(absent.contains("/tmp/program"), absent);
        exec(id, List.of(), "sh", "-c", "echo '#!/bin/sh' > /tmp/program; chmod +x /tmp/program")
                .succeeds();
        for (int time = 0; time < TIMES; time++) {
            exec(id, List.of(), "/tmp/program").succeeds();
        }
        exec(id, List.of(), "rm", "/tmp/program").succeeds();
        assertEquals(absent, exec(id, List.of(), "/tmp/program").errors());
    }

    @Test
    void homeIsWhatTheFileSaysNow() {
        String id = started(idle());
        exec(id, List.of(), "mkdir", "-p", "/etc").succeeds();
        for (String home : List.of("/first", "/other", "/third/and/longer")) {
            exec(id, List.of(), "sh", "-c", "echo 'root:x:0:0:root:" + home + ":/bin/sh' > /etc/passwd")
                    .succeeds();
            for (int time = 0; time < TIMES; time++) {
                assertEquals(
                        home + "\n",
                        exec(id, List.of(), "sh", "-c", "echo $HOME").output());
                assertEquals(
                        "/\n",
                        exec(id, List.of("--user", "9"), "sh", "-c", "echo $HOME")
                                .output());
            }
        }
        exec(id, List.of(), "rm", "/etc/passwd").succeeds();
        assertEquals("/\n", exec(id, List.of(), "sh", "-c", "echo $HOME").output());
    }

    @Test
    void aContainerOfTheSameIdIsAnother() {
        String id = started(idle().with("/process/env", "[\"PATH=/bin\", \"WHICH=first\"]"));
        for (int time = 0; time < TIMES; time++) {
            assertEquals(
                    "first\n", exec(id, List.of(), "sh", "-c", "echo $WHICH").output());
        }
        jrun.call("delete", "--force", id).succeeds();
        Bundle second = idle().with("/process/env", "[\"PATH=/bin\", \"WHICH=second\"]");
        jrun.call("run", "--detach", "--bundle", second.path(), id).succeeds();
        for (int time = 0; time < TIMES; time++) {
            assertEquals(
                    "second\n", exec(id, List.of(), "sh", "-c", "echo $WHICH").output());
        }
    }

    @Test
    void whatTheContainerIsMadeOfIsReadEachTime() throws IOException {
        String id = started(idle().with("/process/env", "[\"PATH=/bin\", \"WHICH=first\"]"));
        for (int time = 0; time < TIMES; time++) {
            assertEquals(
                    "first\n", exec(id, List.of(), "sh", "-c", "echo $WHICH").output());
        }
        Path config = jrun.root().resolve(id).resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("WHICH=first", "WHICH=other"));
        assertEquals("other\n", exec(id, List.of(), "sh", "-c", "echo $WHICH").output());
    }

    @Test
    void howTheContainerIsIsAskedEachTime() {
        String id = started(idle());
        for (int time = 0; time < TIMES; time++) {
            exec(id, List.of(), "true").succeeds();
        }
        jrun.call("kill", id, "KILL").succeeds();
        jrun.awaitStatus(id, "stopped");
        Execution refused = exec(id, List.of(), "true");
        assertEquals(255, refused.code());
        assertTrue(refused.errors().contains("cannot exec in a stopped container"), refused::toString);
    }

    @Test
    void explainsWhatIsKnownAsWhatIsNot() {
        String id = started(idle());
        String before = jrun.call("explain", "exec", "--pid-file", "/tmp/a-pid-file", id, "true")
                .succeeds()
                .output();
        assertTrue(before.contains("/tmp/a-pid-file"), before);
        for (int time = 0; time < TIMES; time++) {
            exec(id, List.of("--pid-file", directory.resolve("p").toString()), "true")
                    .succeeds();
        }
        assertEquals(
                before,
                jrun.call("explain", "exec", "--pid-file", "/tmp/a-pid-file", id, "true")
                        .succeeds()
                        .output());
    }

    @Test
    void whatIsLoggedOfAKnownOneIsWhatItDoes() throws IOException {
        String id = started(idle());
        Path log = directory.resolve("log");
        for (int time = 0; time < TIMES; time++) {
            exec(id, List.of(), "true").succeeds();
        }
        List<String> words =
                new ArrayList<>(List.of("--log-level", "debug", "--log", log.toString(), "exec", id, "true"));
        jrun.call(words.toArray(new String[0])).succeeds();
        String said = Files.readString(log);
        assertTrue(said.matches("(?s).*run a program of [0-9]{3,} instructions.*"), said);
    }
}
