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
import java.nio.file.attribute.PosixFilePermissions;
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
        for (String option : List.of("-v", "-V", "--version", "-version")) {
            assertSays(
                    RecordedSession.call(List.of(option)),
                    0,
                    "jrun version " + Version.JRUN + "\ncommit: build-",
                    "\nspec: 1.");
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
    void helpEndsWithExamples() throws Exception {
        assertSays(
                RecordedSession.call(List.of("start", "--help")),
                0,
                "\n\nExamples:\n  Run the program of a created container:\n      jrun start created\n");
        for (String name : CommandTable.NAMES) {
            assertSays(RecordedSession.call(List.of(name, "--help")), 0, "\n\nExamples:\n  ", "\n      ");
        }
        assertSays(RecordedSession.call(List.of("--help")), 0, "\n\nExamples:\n  ", "      jrun run --detach ");
    }

    /** They can go anywhere: a terminal, a pager, a log. */
    @Test
    void noTextIsColoured() throws Exception {
        for (var arguments : List.of(List.of("--help"), List.of("exec", "--help"), List.of("--frob"), List.of("x"))) {
            assertFalse(RecordedSession.call(arguments).bytes().contains("\033"), arguments::toString);
        }
    }

    @Test
    void anUnknownCommandEndsWithRuncsCode() throws Exception {
        assertSays(RecordedSession.call(List.of("frobnicate")), 3, "jrun: there is no command \"frobnicate\"\n");
    }

    @Test
    void theLikelyCommandAndOptionAreNamed() throws Exception {
        assertSays(
                RecordedSession.call(List.of("strat", "c")),
                3,
                "jrun: there is no command \"strat\"; did you mean \"start\"?\nTry jrun --help\n");
        assertSays(RecordedSession.call(List.of("help", "lst")), 3, "no command \"lst\"; did you mean \"list\"?\n");
        assertSays(
                RecordedSession.call(List.of("--rooot", "/r", "list")),
                1,
                "jrun: Unknown option: '--rooot'; did you mean '--root'?\nTry jrun --help\n");
        assertSays(
                RecordedSession.call(List.of("run", "--bundel=b", "c")),
                1,
                "jrun: Unknown option: '--bundel=b'; did you mean '--bundle'?\nTry jrun run --help\n");
        assertSays(
                RecordedSession.call(List.of("events", "-intervall", "1s", "c")),
                1,
                "jrun: Unknown option: '-intervall'; did you mean '--interval'?\n");
        assertSays(
                RecordedSession.call(List.of("delete", "-froce", "c")),
                1,
                "jrun: Unknown option: '-oce' in '-froce'; did you mean '--force'?\n");
        assertSays(RecordedSession.call(List.of("list", "-z")), 1, "jrun: Unknown option: '-z'\nTry");
    }

    /** Podman probes for checkpoints by this; nothing is near enough to be meant. */
    @Test
    void commandsOfOtherRuntimesAreToldApart() throws Exception {
        for (String name : List.of("checkpoint", "restore", "mounts")) {
            assertSays(
                    RecordedSession.call(List.of(name, "--help")),
                    3,
                    "jrun: there is no command \"" + name + "\" in this version\nTry jrun --help\n");
        }
    }

    @Test
    void wrongUseEndsWithOne() throws Exception {
        assertSays(RecordedSession.call(List.of("--frob")), 1, "jrun: Unknown option: '--frob'", "Try jrun --help");
        assertSays(
                RecordedSession.call(List.of("spec", "--frob")), 1, "Unknown option: '--frob'", "Try jrun spec --help");
        assertSays(RecordedSession.call(List.of("run", "-dx", "c1")), 1, "Unknown option: '-x' in '-dx'\nTry");
        assertSays(
                RecordedSession.call(List.of("state", "--", "-x", "-y")),
                1,
                "\"state\" requires exactly 1 argument(s)");
        assertSays(RecordedSession.call(List.of("spec", "x")), 1, "\"spec\" requires exactly 0 argument(s)");
        assertSays(RecordedSession.call(List.of("engine")), 1, "\"engine\" requires exactly 1 argument(s)");
        assertSays(
                RecordedSession.call(List.of("--log-format", "xml", "spec")),
                1,
                "invalid value for --log-format: found \"xml\"; allowed: text, json");
        assertSays(
                RecordedSession.call(List.of("--log-level", "loud", "spec")),
                1,
                "invalid value for --log-level: found \"loud\"; allowed: error, warning");
        assertSays(
                RecordedSession.call(List.of("--rootless", "perhaps", "spec")),
                1,
                "invalid value for --rootless: found \"perhaps\"; allowed: true, false, auto");
        assertSays(
                RecordedSession.call(List.of("--systemd-cgroup", "--cgroup-manager=cgroupfs", "spec")),
                1,
                "--systemd-cgroup cannot be combined with --cgroup-manager cgroupfs");
    }

    @Test
    void annotationsThatCanBeAllowedAreNamed() throws Exception {
        String keys = "run.oci.hooks.stdout, run.oci.hooks.stderr, run.oci.keep_original_groups,"
                + " run.oci.mount_context_type, run.oci.seccomp.receiver, org.systemd.property.";
        for (String other : List.of("run.oci.handler", "run.oci.seccomp_fail_unknown_syscall", "")) {
            assertSays(
                    RecordedSession.call(List.of("--allow-annotation", other, "state", "c1")),
                    1,
                    "jrun: invalid value for --allow-annotation: found \"" + other + "\"; allowed: " + keys + "\n");
        }
    }

    @Test
    void anOptionsValueIsTheNextWordUnlessThatIsAnOption() throws Exception {
        assertSays(RecordedSession.call(List.of("--root")), 1, "jrun: flag needs an argument: --root (DIR)\n");
        assertSays(
                RecordedSession.call(List.of("--root", "--debug", "list")),
                1,
                "flag needs an argument: --root (DIR); found the option --debug");
        assertSays(
                RecordedSession.call(List.of("spec", "--bundle", "-b1"), new Report.Finished()),
                0,
                "-b1/config.json\0");
        assertSays(RecordedSession.call(List.of("spec", "-bb2"), new Report.Finished()), 0, "b2/config.json\0");
    }

    /**
     * Podman looks for these words to find out which options there are: never for one of a command that is not there.
     */
    @Test
    void aCommandOfOthersIsRefusedWhateverItsOptions() throws Exception {
        for (String name : List.of("checkpoint", "mounts", "restore")) {
            for (String word : List.of("--help", "--lsm-mount-context", "c1")) {
                var call = RecordedSession.call(List.of(name, word));
                assertSays(call, 3, "jrun: there is no command \"" + name + "\" in this version\n");
                assertFalse(call.bytes().contains("argument"), call::bytes);
            }
        }
    }

    @Test
    void aLongOptionMayHaveOneDash() throws Exception {
        for (String word : List.of("-bundle", "--bundle")) {
            assertSays(RecordedSession.call(List.of("spec", word, "b"), new Report.Finished()), 0, "b/config.json\0");
            assertSays(RecordedSession.call(List.of("spec", word + "=b"), new Report.Finished()), 0, "b/config.json\0");
        }
        assertSays(
                RecordedSession.call(List.of("run", "-no-subreaper", "-preserve-fds=x", "c1")),
                1,
                "--preserve-fds is a number of descriptors, not \"x\"");
        assertSays(
                RecordedSession.call(List.of("-log-format", "xml", "spec")),
                1,
                "invalid value for --log-format: found \"xml\"; allowed: text, json");
        assertSays(
                RecordedSession.call(List.of("spec", "--bundle", "-file"), new Report.Finished()),
                0,
                "-file/config.json\0");
    }

    /** {@code -h} and {@code -b} are options, and what has no dash is none. */
    @Test
    void anArgumentOfOneLetterIsNoOption() throws Exception {
        for (String id : List.of("b", "h")) {
            assertSays(
                    RecordedSession.call(List.of("run", "-preserve-fds=x", id)),
                    1,
                    "--preserve-fds is a number of descriptors, not \"x\"");
        }
    }

    @Test
    void aFlagMayHaveAValue() throws Exception {
        assertSays(
                RecordedSession.call(List.of("--systemd-cgroup=true", "spec"), new Report.Finished()),
                0,
                "config.json\0");
        assertSays(
                RecordedSession.call(List.of("--systemd-cgroup=false", "spec", "--rootless=0"), new Report.Finished()),
                0,
                "config.json\0");
        assertSays(
                RecordedSession.call(List.of("spec", "--rootless=maybe")),
                1,
                "'--rootless' should be specified without 'maybe' parameter");
    }

    @Test
    void specWritesTheFileThatIsNamed() throws Exception {
        assertSays(RecordedSession.call(List.of("spec", "-f", "x.json"), new Report.Finished()), 0, "x.json\0");
        assertSays(
                RecordedSession.call(List.of("spec", "-b", "b", "--file=x.json"), new Report.Finished()),
                0,
                "b/x.json\0");
        assertSays(
                RecordedSession.call(List.of("spec", "-b", "b", "--file=/x.json"), new Report.Finished()),
                0,
                "\0/x.json\0");
    }

    @Test
    void aRegularExpressionHasToBeOne(@TempDir Path root) throws Exception {
        String states = root.toString();
        for (String command : List.of("kill", "delete")) {
            assertSays(
                    RecordedSession.call(List.of("--root", states, command, "--regex", "a(")),
                    1,
                    "jrun: invalid regular expression \"a(\": ");
            assertSays(RecordedSession.call(List.of("--root", states, command, "-r", "a.*")), 0);
        }
        Files.createDirectory(
                root.resolve("a".repeat(200)),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        String endless = "(.*)(.*)(.*)(.*)(.*)(.*)b";
        assertSays(
                RecordedSession.call(List.of("--root", states, "delete", "--regex", endless)),
                1,
                "it takes too long to match");
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
    void cgroupsAreMadeInTheirFileSystem() throws Exception {
        assertSays(
                RecordedSession.call(List.of("--cgroup-manager=cgroupfs", "spec"), new Report.Finished()),
                0,
                "config.json\0");
        assertSays(
                RecordedSession.call(
                        List.of("--systemd-cgroup", "--cgroup-manager", "systemd", "spec"), new Report.Finished()),
                0,
                "config.json\0");
        assertSays(
                RecordedSession.call(List.of("--cgroup-manager", "disabled", "spec"), new Report.Finished()),
                0,
                "config.json\0");
        assertSays(
                RecordedSession.call(List.of("--cgroup-manager", "none", "spec")),
                1,
                "invalid value for --cgroup-manager: found \"none\"; allowed: cgroupfs, systemd, disabled");
    }

    @Test
    void whoIsToldOfReadinessHasToBeASocket() throws Exception {
        for (String command : List.of("create", "run", "start")) {
            var call = RecordedSession.call(List.of(command, "c"), Map.of("NOTIFY_SOCKET", "vsock:2:1"));
            assertSays(
                    call,
                    1,
                    "NOTIFY_SOCKET: found \"vsock:2:1\"; allowed: an absolute path, or @ and an abstract name");
        }
    }

    @Test
    void aLogMayBeNamedAsCrunsIs() throws Exception {
        var call = RecordedSession.call(List.of("--log=file:/l/log", "spec", "x"), new Report.Finished());
        assertSays(call, 1, "/l/log\0", "level=error");
        assertFalse(call.bytes().contains("file:"));
        assertSays(
                RecordedSession.call(List.of("--log", "journald:me", "spec", "x"), new Report.Finished()),
                1,
                "/run/systemd/journal/socket\0",
                "PRIORITY=3\nSYSLOG_IDENTIFIER=me\nMESSAGE=\"spec\" requires exactly 0 argument(s)\n");
        assertSays(
                RecordedSession.call(List.of("--log", "syslog:me", "spec", "x"), new Report.Finished()),
                1,
                "/dev/log\0",
                "<27>me: \"spec\" requires exactly 0 argument(s)");
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
            var session = RecordedSession.call(call, new Report.Failed(0, Errno.ENOENT.number()));
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
        var call = RecordedSession.call(List.of("spec"), new Report.Failed(0, Errno.EEXIST.number()));
        assertSays(call, 1, "jrun: File config.json exists. Remove it first\n");
    }

    @Test
    void specSaysWhyAFileCannotBeMade() throws Exception {
        var call = RecordedSession.call(List.of("spec", "-b", "/x"), new Report.Failed(0, Errno.EROFS.number()));
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
        assertSays(
                RecordedSession.call(List.of("--root", at, "list", "-f", "x")),
                1,
                "jrun: invalid value for --format: found \"x\"; allowed: table, json\n");
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
    void numbersAndSignalsThatAreNoneAreRefused() throws Exception {
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
                List.of("--debug", "spec"), new Report.Finished(), new Report.Failed(0, Errno.EROFS.number()));
        assertSays(
                call,
                1,
                " level=debug msg=\"run a program of ",
                "make config.json\"\n",
                " level=debug msg=\"make config.json failed: read-only file system\"\n",
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
