// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.call.Version;
import dev.jrun.kernel.Errno;
import dev.jrun.program.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliTest {

    private static void assertSays(RecordedSession call, int code, String... texts) {
        String bytes = call.bytes();
        for (String text : texts) {
            assertTrue(bytes.contains(text), () -> text + " is not in " + bytes);
        }
        assertEquals(code, call.exitCode());
    }

    @Test
    void printsItsVersionInRuncsForm() throws Exception {
        for (String option : List.of("-v", "--version")) {
            assertSays(RecordedSession.call(List.of(option)), 0, "jrun version " + Version.JRUN + "\n", "\nspec: 1.");
        }
    }

    @Test
    void printsHelp() throws Exception {
        for (var arguments : List.of(List.<String>of(), List.of("-h"), List.of("--help"), List.of("help"))) {
            var call = RecordedSession.call(arguments);
            assertSays(call, 0, "--root=DIR", "--log-format=FORMAT");
            for (String name : CommandTable.NAMES) {
                assertSays(call, 0, "\n  " + name + " ");
            }
        }
    }

    @Test
    void printsHelpForEachCommand() throws Exception {
        for (String name : CommandTable.NAMES) {
            for (var arguments : List.of(List.of(name, "--help"), List.of(name, "-h"), List.of("help", name))) {
                assertSays(RecordedSession.call(arguments), 0, "Usage: jrun " + name + " [OPTIONS]");
            }
        }
    }

    @Test
    void anUnknownCommandEndsWithRuncsCode() throws Exception {
        assertSays(RecordedSession.call(List.of("frobnicate")), 3, "jrun: there is no command \"frobnicate\"\n");
    }

    @Test
    void wrongUseEndsWithOne() throws Exception {
        assertSays(RecordedSession.call(List.of("--frob")), 1, "jrun: Unknown option: '--frob'", "Try jrun --help");
        assertSays(
                RecordedSession.call(List.of("spec", "--frob")), 1, "Unknown option: '--frob'", "Try jrun spec --help");
        assertSays(
                RecordedSession.call(List.of("run", "-df", "c1")),
                1,
                "Unknown option: '-f (while processing option: '-df')'");
        assertSays(
                RecordedSession.call(List.of("state", "--", "-x", "-y")),
                1,
                "\"state\" requires exactly 1 argument(s)");
        assertSays(RecordedSession.call(List.of("spec", "x")), 1, "\"spec\" requires exactly 0 argument(s)");
        assertSays(RecordedSession.call(List.of("engine")), 1, "\"engine\" requires exactly 1 argument(s)");
        assertSays(RecordedSession.call(List.of("--log-format", "xml", "spec")), 1, "invalid log-format: xml");
        assertSays(RecordedSession.call(List.of("--rootless", "perhaps", "spec")), 1, "--rootless is true, false or");
        assertSays(RecordedSession.call(List.of("--systemd-cgroup", "spec")), 1, "driver is not implemented");
    }

    @Test
    void anOptionsValueIsTheNextWordUnlessThatIsAnOption() throws Exception {
        assertSays(RecordedSession.call(List.of("--root")), 1, "Missing required parameter for option '--root' (DIR)");
        assertSays(
                RecordedSession.call(List.of("--root", "--debug", "list")),
                1,
                "Expected parameter for option '--root' but found '--debug'");
        assertSays(
                RecordedSession.call(List.of("spec", "--bundle", "-b1"), new Report.Finished()),
                0,
                "-b1/config.json\0");
        assertSays(RecordedSession.call(List.of("spec", "-bb2"), new Report.Finished()), 0, "b2/config.json\0");
    }

    @Test
    void ofAnOptionThatIsGivenTwiceTheLastCounts() throws Exception {
        assertSays(
                RecordedSession.call(List.of("spec", "--bundle=a", "--bundle", "b"), new Report.Finished()),
                0,
                "b/config.json\0");
    }

    @Test
    void optionsMayStandBehindArguments() throws Exception {
        assertSays(RecordedSession.call(List.of("run", "c1", "--preserve-fds=x")), 1, "--preserve-fds is a number");
        assertSays(RecordedSession.call(List.of("run", "c1", "--frob")), 1, "Unknown option: '--frob'");
        assertSays(
                RecordedSession.call(List.of("--root", "/r", "--", "run", "--preserve-fds=x", "c1")),
                1,
                "--preserve-fds is a number");
    }

    @Test
    void errorsAreInTheLogAsContainerdReadsThem() throws Exception {
        var call = RecordedSession.call(
                List.of("--log", "/l/log.json", "--log-format=json", "spec", "x"), new Report.Finished());
        assertSays(
                call,
                1,
                "/l/log.json\0",
                "{\"level\":\"error\",\"msg\":\"\\\"spec\\\" requires exactly 0 argument(s)\",\"time\":\"2",
                "jrun: \"spec\" requires exactly 0 argument(s)\n");
    }

    @Test
    void aCallThatSucceedsLogsNothing() throws Exception {
        var call = RecordedSession.call(
                List.of("--log", "/l/log.json", "features"),
                new Report.Finished(),
                RecordedSession.allSystemCalls(),
                new Report.Finished());
        assertFalse(call.bytes().contains("level"));
    }

    /** As with runc, so that no caller waits for what would be in it. */
    @Test
    void aLogThatCannotBeOpenedIsAnErrorBeforeAnythingIsDone(@TempDir Path root) throws Exception {
        for (List<String> words : List.of(List.of("list"), List.of("spec"), List.of("delete", "--force", "c"))) {
            List<String> call = new ArrayList<>(List.of("--root", root.toString(), "--log", "/l/log.json"));
            call.addAll(words);
            var session = RecordedSession.call(call, new Report.Failed(0, Errno.ENOENT));
            assertSays(session, 1, "jrun: --log: open /l/log.json: no such file or directory\n");
            assertTrue(session.programs().getFirst().isRetryable());
            assertEquals(2, session.programs().size(), words::toString);
        }
    }

    @Test
    void featuresShowWhichSystemCallsThereAre() throws Exception {
        var call = RecordedSession.call(List.of("features"), RecordedSession.allSystemCalls(), new Report.Finished());
        assertSays(
                call, 0, "\"dev.jrun.kernel.clone3\": \"true\"", "\"dev.jrun.kernel.close_range.cloexec\": \"true\"");
    }

    @Test
    void specHasTheShimMakeTheFile() throws Exception {
        var call = RecordedSession.call(List.of("spec", "--bundle", "b"), new Report.Finished());
        assertSays(call, 0, "b/config.json\0", "\"ociVersion\"", "\"terminal\": true");
        assertEquals(2, call.programs().size());
    }

    @Test
    void specDoesNotReplaceAFile() throws Exception {
        var call = RecordedSession.call(List.of("spec"), new Report.Failed(0, Errno.EEXIST));
        assertSays(call, 1, "jrun: File config.json exists. Remove it first\n");
    }

    @Test
    void specSaysWhyAFileCannotBeMade() throws Exception {
        var call = RecordedSession.call(List.of("spec", "-b", "/x"), new Report.Failed(0, Errno.EROFS));
        assertSays(call, 1, "jrun: cannot write /x/config.json: read-only file system\n");
    }

    @Test
    void anEngineThatOnlySaysThatNoneWasRunningDoesNotStay() throws Exception {
        var status = RecordedSession.call(List.of("engine", "status"));
        assertSays(status, 1, "not running\n");
        assertTrue(status.isStopped());
        var json = RecordedSession.call(List.of("engine", "status", "--format", "json"));
        assertSays(json, 1, "\"running\": false");
        var stop = RecordedSession.call(List.of("engine", "stop"));
        assertSays(stop, 0, "no engine was running\n");
        assertTrue(stop.isStopped());
    }

    @Test
    void unknownContainersAreErrors(@TempDir Path root) throws Exception {
        for (String command : List.of("state", "start", "kill", "delete")) {
            var call = RecordedSession.call(List.of("--root", root.toString(), command, "nobody"));
            assertSays(call, 1, "jrun: container \"nobody\" does not exist\n");
        }
        assertSays(RecordedSession.call(List.of("--root", root.toString(), "delete", "--force", "nobody")), 0);
    }

    @Test
    void anIdIsNoPath(@TempDir Path root) throws Exception {
        for (String command : List.of("state", "start", "kill", "delete", "create", "run")) {
            for (String id : List.of("", ".", "..", "../x", "a/b")) {
                var call = RecordedSession.call(List.of("--root", root.toString(), command, id));
                assertSays(call, 1, "jrun: ", "container");
                assertEquals(1, call.programs().size());
            }
        }
    }

    @Test
    void anEmptyListIsRuncs(@TempDir Path root) throws Exception {
        String at = root.toString();
        assertSays(RecordedSession.call(List.of("--root", at, "list")), 0, "ID          PID         STATUS");
        assertSays(RecordedSession.call(List.of("--root", at, "list", "-f", "json")), 0, "null\n");
        assertSays(RecordedSession.call(List.of("--root", at, "list", "-q")), 0);
        assertSays(RecordedSession.call(List.of("--root", at, "list", "-f", "x")), 1, "jrun: invalid format option\n");
    }

    /** As with runc since 1.2; runc 1.1 makes it. */
    @Test
    void aRootThatTheCallerNamesHasToBeThereToBeListed(@TempDir Path directory) throws Exception {
        Path none = directory.resolve("none");
        for (String format : List.of("table", "json")) {
            assertSays(
                    RecordedSession.call(List.of("--root", none.toString(), "list", "-f", format)),
                    1,
                    "jrun: cannot list the containers of " + none + ": no such file or directory\n");
        }
        assertFalse(Files.exists(none));
        Path file = Files.createFile(directory.resolve("file"));
        assertSays(
                RecordedSession.call(List.of("--root", file.toString(), "list")),
                1,
                "jrun: cannot list the containers: " + file + ": not a directory\n");
    }

    @Test
    void whatCannotBeDoneYetIsRefused() throws Exception {
        assertSays(
                RecordedSession.call(List.of("create", "--console-socket", "/s", "c")),
                1,
                "jrun: --console-socket: terminals are not implemented\n");
        assertSays(RecordedSession.call(List.of("kill", "c", "NOSIG")), 1, "jrun: unknown signal \"NOSIG\"\n");
        for (String number : List.of("x", "-1", "99999999999")) {
            assertSays(
                    RecordedSession.call(List.of("run", "--preserve-fds=" + number, "c")),
                    1,
                    "jrun: --preserve-fds is a number of descriptors, not");
        }
    }

    @Test
    void theDescriptorsThatAContainerInheritsHaveALimit() throws Exception {
        for (String number : List.of("4097", "1048576", "2147483647")) {
            assertSays(
                    RecordedSession.call(List.of("run", "--preserve-fds=" + number, "c")),
                    1,
                    "jrun: --preserve-fds and LISTEN_FDS name " + number
                            + " descriptors that the container is to inherit; allowed: at most 4096");
        }
        String own = Long.toString(ProcessHandle.current().pid());
        assertSays(
                RecordedSession.call(
                        List.of("create", "--preserve-fds=96", "c"), Map.of("LISTEN_PID", own, "LISTEN_FDS", "4001")),
                1,
                "jrun: --preserve-fds and LISTEN_FDS name 4097 descriptors");
    }

    @Test
    void debugShowsProgramsBeforeTheyRunAndErrorsAfter() throws Exception {
        var call = RecordedSession.call(
                List.of("--debug", "spec"), new Report.Finished(), new Report.Failed(0, Errno.EROFS));
        assertSays(
                call,
                1,
                " level=debug msg=\"run a program of ",
                "make config.json\"\n",
                " level=debug msg=\"make config.json failed: EROFS\"\n",
                "jrun: cannot write config.json: read-only file system\n");
        assertEquals(3, call.programs().size());
    }

    @Test
    void debugGoesToTheLogFileIfThereIsOne() throws Exception {
        var call = RecordedSession.call(
                List.of("--debug", "--log=/l", "--log-format=json", "spec"),
                new Report.Finished(),
                new Report.Finished(),
                new Report.Finished());
        assertSays(call, 0, "/l\0", "{\"level\":\"debug\",\"msg\":\"run a program of ");
    }
}
