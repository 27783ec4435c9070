// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.container.SystemLogs;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.cli.testing.notify.NotificationListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is in the file that {@code --log} names. Podman takes all of it for one JSON object, and falls back to standard
 * error where it is more: a call that fails has one line there, its error, whatever else there is to be said.
 */
class CallLogIT extends RealContainers {

    private static final String CREATE = "create --bundle BUNDLE ID";
    private static final String RUN = "run --bundle BUNDLE ID";
    private static final String RUN_DETACHED = "run --detach --bundle BUNDLE --pid-file PIDFILE ID";
    private static final String EXEC = "exec --process DOCUMENT ID";
    private static final String EXEC_DETACHED = "exec --pid-file PIDFILE --process DOCUMENT --detach ID";

    private static final String NOT_AMBIENT = "capabilities/ambient";
    private static final String WARNING = "jrun: warning: ";

    /** Two that nobody can raise, of which one warning tells. */
    private static final String CAPABILITIES = """
            {"bounding": ["CAP_KILL", "CAP_CHOWN"], "effective": ["CAP_KILL", "CAP_CHOWN"],
             "permitted": ["CAP_KILL", "CAP_CHOWN"], "inheritable": [], "ambient": ["CAP_KILL", "CAP_CHOWN"]}""";

    private Bundle warned() {
        return sandbox.bundle().with("/process/capabilities", CAPABILITIES);
    }

    private Path log() {
        return directory.resolve("log");
    }

    private Path pidFile() {
        return directory.resolve("pid");
    }

    private Path document(String executable) throws IOException {
        return Files.writeString(directory.resolve("process.json"), """
                {"args": ["%s"], "cwd": "/", "env": ["PATH=/bin"], "capabilities": %s}
                """.formatted(executable, CAPABILITIES));
    }

    private String running() {
        String id = sandbox.newId();
        Bundle bundle = sandbox.bundle().runs("sleep", "1000").without("/process/capabilities/ambient");
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        return id;
    }

    /** @param command in which capital words are replaced */
    private List<String> words(String command, Path log, Bundle bundle, String id) {
        List<String> words = new ArrayList<>(List.of("--log", log.toString(), "--log-format", "json"));
        for (String word : command.split(" ")) {
            words.add(
                    switch (word) {
                        case "BUNDLE" -> bundle.path();
                        case "PIDFILE" -> pidFile().toString();
                        case "DOCUMENT" -> directory.resolve("process.json").toString();
                        case "ID" -> id;
                        default -> word;
                    });
        }
        return words;
    }

    private Execution call(String command, Path log, Bundle bundle, String id) {
        return jrun.call(words(command, log, bundle, id).toArray(String[]::new));
    }

    private List<JsonNode> logged() throws IOException {
        List<JsonNode> objects = new ArrayList<>();
        for (String line : Files.readAllLines(log())) {
            objects.add(OciRuntime.json(line));
        }
        return objects;
    }

    private void assertOneError(Execution execution, String... phrases) throws IOException {
        assertTrue(execution.code() != 0, execution::toString);
        List<JsonNode> logged = logged();
        assertEquals(1, logged.size(), logged::toString);
        assertEquals("error", logged.getFirst().get("level").asText());
        for (String phrase : phrases) {
            String message = logged.getFirst().get("msg").asText();
            assertTrue(message.contains(phrase), message);
        }
        List<String> errors = execution.errors().lines().toList();
        assertEquals(2, errors.size(), errors::toString);
        assertTrue(errors.getFirst().startsWith(WARNING) && errors.getFirst().contains(NOT_AMBIENT), errors::toString);
        assertTrue(errors.getLast().startsWith("jrun: "), errors::toString);
    }

    private void assertOneWarning(Execution execution) throws IOException {
        assertEquals("", execution.succeeds().errors());
        List<JsonNode> logged = logged();
        assertEquals(1, logged.size(), logged::toString);
        assertEquals("warning", logged.getFirst().get("level").asText());
        assertTrue(logged.getFirst().get("msg").asText().contains(NOT_AMBIENT), logged::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {CREATE, RUN, RUN_DETACHED})
    void aContainerThatCannotBeMadeIsOneError(String command) throws IOException {
        Bundle bundle = warned().with(
                        "/mounts/-", "{\"destination\": \"/x\", \"source\": \"/nowhere\", \"options\": [\"bind\"]}");

        assertOneError(call(command, log(), bundle, sandbox.newId()), "/nowhere");
    }

    @ParameterizedTest
    @ValueSource(strings = {RUN, RUN_DETACHED})
    void aProgramThatIsNotThereIsOneError(String command) throws IOException {
        assertOneError(call(command, log(), warned().runs("nosuch"), sandbox.newId()), "nosuch");
    }

    /** It runs by then, and does not stay. */
    @ParameterizedTest
    @ValueSource(strings = {RUN, RUN_DETACHED})
    void aPoststartHookThatFailsIsOneError(String command) throws IOException {
        Bundle bundle = warned().runs("sleep", "1000").with("/hooks", "{\"poststart\": [{\"path\": \"/bin/false\"}]}");

        assertOneError(call(command, log(), bundle, sandbox.newId()), "/hooks/poststart/0");
    }

    @ParameterizedTest
    @ValueSource(strings = {EXEC, EXEC_DETACHED})
    void aProcessThatCannotBeExecutedIsOneError(String command) throws IOException {
        document("nosuch");

        assertOneError(call(command, log(), null, running()), "nosuch");
        assertFalse(Files.exists(pidFile()));
    }

    @ParameterizedTest
    @ValueSource(strings = {CREATE, RUN, RUN_DETACHED})
    void aContainerThatIsMadeIsAWarning(String command) throws IOException {
        assertOneWarning(call(command, log(), warned().runs("true"), sandbox.newId()));
    }

    @ParameterizedTest
    @ValueSource(strings = {EXEC, EXEC_DETACHED})
    void aProcessThatExecutesIsAWarning(String command) throws IOException {
        document("true");

        assertOneWarning(call(command, log(), null, running()));
    }

    /** Programs are kept for who executes the same again. */
    @Test
    void whatAnotherCallWasWarnedOfIsNotSaidAgain() throws IOException {
        document("true");
        String id = running();
        Path other = directory.resolve("other");
        for (int times = 0; times < 2; times++) {
            assertOneWarning(call(EXEC, log(), null, id));
            Files.delete(log());
            Execution silent = jrun.call("--log", other.toString(), "exec", id, "true");
            assertEquals("", silent.succeeds().errors());
            assertEquals("", Files.readString(other));
            Execution loud = jrun.call(
                    "exec", "--process", directory.resolve("process.json").toString(), id);
            assertEquals(1, loud.succeeds().errors().lines().count(), loud::toString);
            assertTrue(loud.errors().startsWith(WARNING), loud::toString);
            assertFalse(Files.exists(log()));
        }
    }

    @Test
    void noWarningsAreSaidWhereNoneAreWanted() throws IOException {
        List<String> words = words(RUN, log(), warned().runs("nosuch"), sandbox.newId());
        words.addFirst("--log-level=error");

        Execution failed = jrun.call(words.toArray(String[]::new));

        assertEquals(1, failed.errors().lines().count(), failed::toString);
        assertEquals(1, logged().size());
    }

    /** Nobody reads it any more; a call that waited could not be ended, since signals are for the container. */
    @ParameterizedTest
    @ValueSource(strings = {CREATE, RUN, RUN_DETACHED, EXEC, EXEC_DETACHED})
    @Timeout(60)
    void aLogThatTakesNothingKeepsNothingFromRunning(String command) throws IOException {
        Path fifo = directory.resolve("fifo");
        Programs.run("mkfifo", fifo.toString()).succeeds();
        document("true");
        String id = command.startsWith("exec") ? running() : sandbox.newId();
        List<String> call =
                jrun.words(words(command, fifo, warned().runs("true"), id).toArray(String[]::new));
        List<String> script = new ArrayList<>(
                List.of("sh", "-c", "exec 3<>\"$0\"; head -c 65536 /dev/zero >&3; \"$@\"", fifo.toString()));
        script.addAll(call);

        Execution execution = Programs.run(script);

        assertEquals(
                "jrun: cannot write to log file " + fifo + "\n",
                execution.succeeds().errors());
    }

    @Test
    void theJournalAndSyslogGetAsMuch() throws IOException {
        for (String log : List.of("journald:me", "syslog:me")) {
            Path socket = directory.resolve(log);
            try (NotificationListener listener = NotificationListener.at(socket)) {
                OciRuntime hidden = SystemLogs.at(jrun, socket);
                hidden.call(
                                "--log",
                                log,
                                "run",
                                "--bundle",
                                warned().runs("nosuch").path(),
                                sandbox.newId())
                        .failsWith(WARNING, "nosuch");
                assertPriority(3, "nosuch", listener.messages(1).getFirst());
                Execution run = hidden.call(
                        "--log", log, "run", "--bundle", warned().runs("true").path(), sandbox.newId());
                assertEquals("", run.succeeds().errors());
                assertPriority(4, NOT_AMBIENT, listener.messages(1).getFirst());
                hidden.call("--log", log, "state", "none").failsWith("none");
                assertPriority(3, "none", listener.messages(1).getFirst());
            }
        }
    }

    private static void assertPriority(int priority, String phrase, String message) {
        String begin = message.startsWith("<") ? "<" + (24 + priority) + ">me: " : "PRIORITY=" + priority + "\n";
        assertTrue(message.startsWith(begin) && message.contains(phrase), message);
    }

    /** Whatever the host is like. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "umount --lazy --recursive /sys/fs/cgroup",
                "mount -t tmpfs tmpfs /sys/fs/cgroup",
                "mount -t proc -o hidepid=2 proc /proc",
                "mount --bind /dev/null /proc/self/status; mount --bind /dev/null /proc/self/cgroup",
                "mount -t tmpfs tmpfs /sys",
                "for f in self/mountinfo cgroups filesystems; do mount --bind /dev/null /proc/$f; done",
            })
    void featuresSayNothingOnStandardError(String host) {
        OciRuntime there = jrun.behind(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-ec",
                host + "; JRUN_ENGINE_IDLE=0 exec \"$@\"",
                "sh");
        for (List<String> options :
                List.of(List.<String>of(), List.of("--log-level=error"), List.of("--log", log().toString()))) {
            List<String> words = new ArrayList<>(options);
            words.add("features");
            Execution features = there.call(words.toArray(String[]::new)).succeeds();
            assertEquals("", features.errors(), features::toString);
            assertEquals(
                    "1.0.0",
                    OciRuntime.json(features.output()).get("ociVersionMin").asText());
        }
    }
}
