// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.SystemLogs;
import dev.jrun.cli.testing.container.UnifiedContainers;
import dev.jrun.cli.testing.host.CLibrary;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.notify.NotificationListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What options of other runtimes do, beside those runtimes where they are installed; crun takes a host that has cgroup
 * v2 alone.
 */
class CommandLineIT extends UnifiedContainers {

    private List<OciRuntime> withCrun() {
        List<OciRuntime> runtimes = new ArrayList<>(List.of(jrun));
        sandbox.installed("crun").ifPresent(runtimes::add);
        return runtimes;
    }

    /** Version 1.8 of crun knows no later documents, and takes rights for device rules that there may not be. */
    private Bundle bundle() {
        return sandbox.bundle().with("/ociVersion", "\"1.0.2\"").with("/linux/resources", "{}");
    }

    @Test
    void aRegularExpressionNamesContainers() {
        Bundle bundle = bundle().runs("sleep", "1000");
        for (OciRuntime runtime : withCrun()) {
            String id = sandbox.newId();
            for (String suffix : List.of("a1", "a22", "b1")) {
                runtime.call("run", "--detach", "--bundle", bundle.path(), id + "-" + suffix)
                        .succeeds();
            }
            runtime.call("kill", "--regex", id + "-a[0-9]{1,2}$", "KILL").succeeds();
            runtime.awaitStatus(id + "-a1", "stopped");
            runtime.awaitStatus(id + "-a22", "stopped");
            assertEquals("running", runtime.status(id + "-b1"));

            runtime.call("delete", "--force", "-r", id + "-[ab]1").succeeds();
            runtime.call("state", id + "-a1").failsWith("");
            runtime.call("state", id + "-b1").failsWith("");
            assertEquals("stopped", runtime.status(id + "-a22"));
            // A match anywhere in the id counts.
            runtime.call("delete", "-r", "a22").succeeds();
            runtime.call("state", id + "-a22").failsWith("");
        }
    }

    /** crun warns of each and ends with 0; nobody would know by the code that a container is still there. */
    @Test
    void whereOneOfSeveralFailsTheOthersDoNot() {
        Bundle bundle = sandbox.bundle().runs("sleep", "1000");
        String id = sandbox.newId();
        jrun.call("create", "--bundle", bundle.path(), id + "-1").succeeds();
        jrun.call("run", "--detach", "--bundle", bundle.path(), id + "-2").succeeds();
        jrun.call("create", "--bundle", bundle.path(), id + "-3").succeeds();
        Path log = directory.resolve("log");

        jrun.call("--log", log.toString(), "delete", "--regex", "^" + id)
                .failsWith(
                        "jrun: cannot delete container " + id + "-2",
                        "jrun: cannot delete 1 of the 3 containers that match \"^" + id + "\"\n");

        // Of a call that fails a log has one error, whatever there is to be said.
        assertEquals(1, read(log).lines().count(), () -> read(log));
        assertTrue(read(log).contains("cannot delete 1 of the 3 containers"), () -> read(log));
        assertTrue(read(log).contains("cannot delete container " + id + "-2"), () -> read(log));
        jrun.call("state", id + "-1").failsWith("does not exist");
        jrun.call("state", id + "-3").failsWith("does not exist");
        assertEquals("running", jrun.status(id + "-2"));
    }

    @Test
    void anotherFileMayDescribeTheContainer() throws IOException {
        Bundle bundle = bundle().runs("echo", "from the option");
        Path other = Files.move(bundle.directory().resolve("config.json"), directory.resolve("other.json"));
        for (OciRuntime runtime : withCrun()) {
            for (String[] config : List.of(
                    new String[] {"--config", other.toString()},
                    new String[] {"-f", "other.json"},
                    new String[] {"--config=./other.json"})) {
                List<String> words = new ArrayList<>(List.of("run", "--bundle", bundle.path()));
                words.addAll(List.of(config));
                words.add(sandbox.newId());
                Execution run = runtime.callIn(directory, words.toArray(String[]::new));
                assertEquals("from the option\n", run.succeeds().output());
            }
            runtime.call("run", "--bundle", bundle.path(), "--config", "/nowhere.json", sandbox.newId())
                    .failsWith("nowhere.json");
        }
        jrun.call("validate", "--bundle", bundle.path(), "--config", other.toString())
                .succeeds();
        jrun.call("explain", "--bundle", bundle.path(), "--config", other.toString())
                .succeeds();
        jrun.call("validate", "--bundle", bundle.path()).failsWith("config.json: no such file or directory");
    }

    @Test
    void warningsCanBeLeftOut() {
        Bundle bundle = sandbox.bundle()
                .runs("true")
                .with("/process/capabilities/ambient", "[\"CAP_KILL\"]")
                .with("/process/capabilities/inheritable", "[]");
        assertTrue(warningsOf(bundle).contains("CAP_KILL"));
        assertTrue(warningsOf(bundle, "--log-level=info").contains("CAP_KILL"));
        assertTrue(warningsOf(bundle, "--log-level", "warning").contains("CAP_KILL"));
        assertEquals("", warningsOf(bundle, "--log-level=error"));
        assertTrue(warningsOf(bundle, "--log-level=debug").contains("the shim reports"));
    }

    private String warningsOf(Bundle bundle, String... options) {
        List<String> words = new ArrayList<>(List.of(options));
        words.addAll(List.of("run", "--bundle", bundle.path(), sandbox.newId()));
        return jrun.call(words.toArray(String[]::new)).succeeds().errors();
    }

    /** A write to such a socket waits for room in it, for as long as it takes. */
    @Test
    @Timeout(60)
    void aJournalThatReadsNothingKeepsNoCallFromItsEnd() throws IOException {
        Path socket = directory.resolve("silent.log");
        try (NotificationListener _ = NotificationListener.at(socket)) {
            CLibrary.fill(socket);

            SystemLogs.at(jrun, socket)
                    .call("--log", "journald:me", "state", "nosuch")
                    .failsWith("does not exist", "cannot write to log file journald:me");
        }
    }

    @Test
    void theJournalAndSyslogGetMessages() throws IOException {
        Path socket = directory.resolve("system.log");
        try (NotificationListener listener = NotificationListener.at(socket)) {
            OciRuntime hidden = SystemLogs.at(jrun, socket);
            hidden.call("--log", "journald:me", "state", "nosuch").failsWith("does not exist");
            List<String> journal = listener.messages(1).getFirst().lines().toList();
            assertEquals(List.of("PRIORITY=3", "SYSLOG_IDENTIFIER=me"), journal.subList(0, 2));
            assertTrue(journal.get(2).matches("MESSAGE=.*nosuch.* does not exist"), journal::toString);

            hidden.call("--log", "syslog:me", "state", "nosuch").failsWith("does not exist");
            String line = listener.messages(1).getFirst();
            assertTrue(line.matches("<27>me: .*nosuch.* does not exist"), line);

            hidden.call("--debug", "--log", "syslog:me", "state", "nosuch").failsWith("does not exist");
            assertTrue(listener.messages(1).getFirst().startsWith("<"));
        }
        Execution refused = jrun.behind(
                        "unshare",
                        "--mount",
                        "--propagation",
                        "private",
                        "sh",
                        "-ec",
                        "mount -t tmpfs tmpfs /run; JRUN_ENGINE_IDLE=0 exec \"$@\"",
                        "sh")
                .call("--log=journald:me", "list");
        refused.failsWith("--log: open journald:me: no such file or directory");
    }

    @Test
    void specWritesAnotherFile() {
        for (OciRuntime runtime : withCrun()) {
            Path target = directory.resolve("spec-" + runtime.name());
            assertTrue(target.toFile().mkdir());
            runtime.call("spec", "--bundle", target.toString(), "--file", "x.json")
                    .succeeds();
            assertTrue(Files.exists(target.resolve("x.json")));
            assertFalse(Files.exists(target.resolve("config.json")));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
