// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.lifecycle;

import static dev.jrun.cli.testing.container.Bundle.hook;
import static dev.jrun.cli.testing.container.Bundle.quoted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.spec.fixtures.OciSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hooks of real containers: when and where they run, what they are told, and what their failure does. */
public class HooksIT extends RealContainers {

    /** All moments but startContainer, whose hooks find no file of the host. */
    private static final List<String> OUTSIDE =
            List.of("prestart", "createRuntime", "createContainer", "poststart", "poststop");

    /** Notes who it is and what it reads in the file that its second argument names. */
    private static final String NOTE = """
            { echo "$0 $1 in $PWD"
              for namespace in mnt net uts ipc pid; do echo "$namespace $(readlink /proc/self/ns/$namespace)"; done
              echo "descriptors $(echo /proc/$$/fd/* | tr -dc '0-9 /' | sed 's|/*[0-9]*//||g')"
              echo "env $(env | grep -v -E '^(PWD|SHLVL|PATH)=' | tr '\\n' ' ')"
              echo "state $(cat)"
            } >> "$2"
            """;

    private Path notes() {
        return directory.resolve("notes");
    }

    private String notesText() {
        try {
            return Files.exists(notes()) ? Files.readString(notes()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String noting(String name, String number) {
        return "{\"path\": \"/bin/busybox\", \"args\": [\"sh\", \"-c\", " + quoted(NOTE) + ", " + quoted(name) + ", "
                + quoted(number) + ", " + quoted(notes().toString()) + "], \"env\": [\"ONLY=this\"]}";
    }

    /** Appends its name to the notes. */
    private String mark(String name) {
        return hook(name, "echo $0 >> " + notes());
    }

    private Bundle withHooks(Map<String, String> hooks) {
        String members = hooks.entrySet().stream()
                .map(entry -> '"' + entry.getKey() + "\": [" + entry.getValue() + "]")
                .collect(Collectors.joining(", "));
        return sandbox.bundle().with("/hooks", "{" + members + "}").with("/root/readonly", "false");
    }

    private Map<String, String> marksEverywhere() {
        Map<String, String> hooks = new TreeMap<>();
        for (String name : OUTSIDE) {
            hooks.put(name, mark(name));
        }
        return hooks;
    }

    /** What one hook noted, by the first word of the lines. */
    private record Note(String head, Map<String, String> lines) {
        JsonNode state() {
            return OciRuntime.json(lines.get("state"));
        }
    }

    private List<Note> parsedNotes() {
        List<Note> parsed = new ArrayList<>();
        for (String line : notesText().lines().toList()) {
            String word = line.substring(0, line.indexOf(' '));
            if (OUTSIDE.contains(word)) {
                parsed.add(new Note(line, new TreeMap<>()));
            } else {
                parsed.getLast().lines().put(word, line.substring(line.indexOf(' ') + 1));
            }
        }
        return parsed;
    }

    private List<Note> life(OciRuntime runtime, Bundle bundle, String id) throws IOException {
        Files.deleteIfExists(notes());
        runtime.call("create", "--bundle", bundle.path(), id).succeeds();
        runtime.call("start", id).succeeds();
        runtime.awaitStatus(id, "stopped");
        runtime.call("delete", id).succeeds();
        return parsedNotes();
    }

    private Bundle notingBundle() {
        Map<String, String> hooks = new TreeMap<>();
        for (String name : OUTSIDE) {
            hooks.put(name, noting(name, "first") + ", " + noting(name, "second"));
        }
        return withHooks(hooks)
                .with("/annotations", "{\"org.example.a\": \"b\"}")
                .runs("true");
    }

    @Test
    void runInOrderWithTheStateOfTheMoment() throws IOException {
        Bundle bundle = notingBundle();
        String id = sandbox.newId();

        List<Note> notes = life(jrun, bundle, id);

        List<String> expected = new ArrayList<>();
        for (String name : OUTSIDE) {
            String in = name.equals("createContainer") ? bundle.rootfs().toString() : bundle.path();
            expected.add(name + " first in " + in);
            expected.add(name + " second in " + in);
        }
        assertEquals(expected, notes.stream().map(Note::head).toList());
        assertEquals(
                List.of("creating", "creating", "creating", "running", "stopped"),
                Stream.of(0, 2, 4, 6, 8)
                        .map(i -> notes.get(i).state().get("status").asText())
                        .toList());
        for (Note note : notes) {
            assertEquals(List.of(), OciSchema.ofStates().problems(note.lines().get("state")));
            assertEquals(id, note.state().get("id").asText());
            assertEquals(bundle.path(), note.state().get("bundle").asText());
            assertEquals(
                    "b", note.state().get("annotations").get("org.example.a").asText());
            assertEquals("ONLY=this ", note.lines().get("env"));
        }
        assertTrue(notes.getFirst().state().get("pid").asLong() > 1);
        assertEquals(1, notes.get(4).state().get("pid").asLong(), "as the container knows it");
        assertFalse(notes.getLast().state().has("pid"));
    }

    @Test
    void seeTheRuntimesNamespacesOrTheContainers() throws IOException {
        List<Note> notes = life(jrun, notingBundle(), sandbox.newId());

        for (Note note : notes) {
            boolean inContainer = note.head().startsWith("createContainer");
            for (String namespace : List.of("mnt", "net", "uts", "ipc", "pid")) {
                Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/" + namespace));
                assertEquals(!inContainer, note.lines().get(namespace).equals(own.toString()), note.head() + namespace);
            }
        }
    }

    @Test
    void areCalledAsByRunc() throws IOException {
        Programs.need("runc");
        Bundle bundle = notingBundle();
        String id = sandbox.newId();

        List<Note> expected = life(sandbox.installed("runc").orElseThrow(), bundle, id);
        List<Note> found = life(jrun, bundle, id);

        // runc runs poststart when it creates, and poststop where it is called; it states its own version of the
        // specification.
        for (int i = 0; i < 6; i++) {
            assertEquals(expected.get(i).head(), found.get(i).head());
            assertEquals(
                    expected.get(i).lines().get("env"), found.get(i).lines().get("env"));
            assertEquals(comparable(expected.get(i)), comparable(found.get(i)));
        }
    }

    /**
     * What hooks without {@code env} have, at each moment: of the runtime, of the container's process, or none if they
     * name none. What comes from the image (CVE-2025-23266: LD_PRELOAD) is not for createContainer hooks, which are
     * programs of the host.
     */
    @Test
    void inheritAnEnvironmentIfTheyNameNone() throws IOException {
        Map<String, List<String>> expected = new TreeMap<>();
        for (String name : OUTSIDE) {
            expected.put(name, List.of("OF=the caller", "", "OF=the caller"));
        }
        expected.put("startContainer", List.of("OF=the process", "", "OF=the process"));

        assertEquals(expected, inherited(jrun));
    }

    /** It gives createContainer hooks what the image says. */
    @Test
    void inheritTheSameAsWithRuncButForCreateContainer() throws IOException {
        Programs.need("runc");

        Map<String, List<String>> expected = inherited(sandbox.installed("runc").orElseThrow());
        Map<String, List<String>> found = inherited(jrun);

        expected.remove("createContainer");
        found.remove("createContainer");
        assertEquals(expected, found);
    }

    private Map<String, List<String>> inherited(OciRuntime runtime) throws IOException {
        String script = "echo \"$(env | grep OF=)\" >> ";
        Map<String, String> hooks = new TreeMap<>();
        Path files = Files.createTempDirectory(directory, "inherited");
        for (String name : OUTSIDE) {
            hooks.put(name, threeHooks(script + files.resolve(name)));
        }
        hooks.put("startContainer", threeHooks(script + "/tmp/startContainer"));
        Bundle bundle = withHooks(hooks)
                .with("/process/env", "[\"PATH=/bin\", \"OF=the process\"]")
                .runs("true");
        OciRuntime called = runtime.behind("env", "OF=the caller");
        String id = sandbox.newId();
        called.call("create", "--bundle", bundle.path(), id).succeeds();
        called.call("start", id).succeeds();
        called.awaitStatus(id, "stopped");
        called.call("delete", id).succeeds();
        Files.move(bundle.rootfs().resolve("tmp/startContainer"), files.resolve("startContainer"));
        Map<String, List<String>> found = new TreeMap<>();
        for (String name : hooks.keySet()) {
            found.put(name, Files.readAllLines(files.resolve(name)));
        }
        return found;
    }

    private static String threeHooks(String script) {
        return hook("absent", script) + ", " + hook("empty", script, "\"env\": []") + ", "
                + hook("null", script, "\"env\": null");
    }

    private static String comparable(Note note) {
        return note.lines().get("state").replaceFirst("\"pid\":\\d+", "").replaceFirst("\"ociVersion\":\"[^\"]*\"", "");
    }

    @Test
    void startContainerHooksRunInTheContainerAsItsUser() {
        Bundle bundle = withHooks(Map.of(
                        "startContainer",
                        hook("first", "cat > /tmp/state; id -u > /tmp/user; pwd > /tmp/pwd; echo $PPID > /tmp/parent")
                                + ", " + hook("second", "echo second > /tmp/order")))
                .with("/process/user", "{\"uid\": 1000, \"gid\": 1000}")
                .with("/process/cwd", "\"/tmp\"")
                .runsScript("cat /tmp/state /tmp/user /tmp/pwd /tmp/parent /tmp/order");
        open(bundle.rootfs().resolve("tmp"));
        String id = sandbox.newId();

        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        assertFalse(Files.exists(bundle.rootfs().resolve("tmp/state")), "not before start");
        jrun.call("delete", "--force", id).succeeds();
        Execution run = jrun.call("run", "--bundle", bundle.path(), id).succeeds();

        assertTrue(
                run.output()
                        .startsWith("{\"ociVersion\":\"1.3.0\",\"id\":\"" + id
                                + "\",\"status\":\"created\",\"pid\":1,\"bundle\":\"" + bundle.path()
                                + "\"}1000\n/tmp\n1\nsecond\n"),
                run::toString);
    }

    private static void open(Path directory) {
        directory.toFile().setWritable(true, false);
    }

    @Test
    void runInTheForegroundRunsThemAllAndKeepsTheExitCode() {
        Bundle bundle = withHooks(marksEverywhere()).runsScript("exit 7");

        Execution run = jrun.call("run", "--bundle", bundle.path(), sandbox.newId());

        assertEquals(7, run.code(), run::toString);
        assertEquals(OUTSIDE, notesText().lines().toList());
    }

    @Test
    void aForegroundContainerThatIsKilledHasItsPoststopHooks() {
        Bundle bundle = withHooks(marksEverywhere()).runs("sleep", "1000");
        String id = sandbox.newId();

        Execution.Started run = jrun.start(Path.of("/dev/null"), "run", "--bundle", bundle.path(), id);
        Eventually.isTrue("it runs", () -> notesText().contains("poststart"));
        jrun.call("kill", id, "KILL").succeeds();

        assertEquals(137, run.await().code());
        assertEquals(OUTSIDE, notesText().lines().toList());
    }

    @Test
    void runDetachedRunsThemUntilItRuns() {
        Bundle bundle = withHooks(marksEverywhere()).runs("sleep", "1000");
        String id = sandbox.newId();

        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        assertEquals(OUTSIDE.subList(0, 4), notesText().lines().toList());
        jrun.call("delete", "--force", id).succeeds();

        assertEquals(OUTSIDE, notesText().lines().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"prestart", "createRuntime", "createContainer"})
    void aFailureOnTheWayDestroysTheContainer(String name) {
        Map<String, String> hooks = new TreeMap<>(Map.of("poststop", mark("poststop")));
        hooks.put(name, hook("good", "exit 0") + ", " + hook("bad", "echo said; echo on error >&2; exit 3"));
        Bundle bundle = withHooks(hooks).runs("true");
        String id = sandbox.newId();

        for (String[] call : new String[][] {{"create"}, {"run"}, {"run", "--detach"}}) {
            List<String> words = new ArrayList<>(List.of(call));
            words.addAll(List.of("--bundle", bundle.path(), id));
            jrun.call(words.toArray(String[]::new))
                    .failsWith(
                            "config.json#/hooks/" + name + "/1: hook /bin/busybox: exit status 3: said\n  on error\n");
            sandbox.assertNothingIsLeft();
        }
        assertEquals("poststop\npoststop\npoststop\n", notesText());
    }

    @Test
    void aFailureInTheContainerDestroysItAtStart() {
        Bundle bundle = withHooks(
                        Map.of("startContainer", hook("bad", "echo no >&2; exit 4"), "poststop", mark("poststop")))
                .runs("true");
        String id = sandbox.newId();

        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        jrun.call("start", id).failsWith("config.json#/hooks/startContainer/0: hook /bin/busybox: exit status 4: no");
        sandbox.assertNothingIsLeft();
        jrun.call("run", "--bundle", bundle.path(), id).failsWith("/hooks/startContainer/0", "exit status 4");
        sandbox.assertNothingIsLeft();

        assertEquals("poststop\npoststop\n", notesText());
    }

    @Test
    void aFailureBehindTheStartDestroysTheContainer() {
        Bundle bundle = withHooks(Map.of("poststart", hook("bad", "kill -TERM $$"), "poststop", mark("poststop")))
                .runs("sleep", "1000");
        String id = sandbox.newId();
        String message = "config.json#/hooks/poststart/0: hook /bin/busybox: killed by SIGTERM";

        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        jrun.call("start", id).failsWith(message);
        sandbox.assertNothingIsLeft();
        jrun.call("run", "--bundle", bundle.path(), id).failsWith(message);
        sandbox.assertNothingIsLeft();
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).failsWith(message);
        sandbox.assertNothingIsLeft();

        assertEquals("poststop\npoststop\npoststop\n", notesText());
    }

    @Test
    void aFailureAtTheEndIsAWarning() {
        Bundle bundle = withHooks(Map.of(
                        "poststop",
                        hook("bad", "echo no; exit 5") + ", {\"path\": \"/not/there\"}, " + mark("poststop")))
                .runs("true");
        String id = sandbox.newId();
        String first = "warning: config.json#/hooks/poststop/0: hook /bin/busybox: exit status 5: no";
        String second = "warning: config.json#/hooks/poststop/1: hook /not/there: no such file or directory";

        Execution run = jrun.call("run", "--bundle", bundle.path(), id).succeeds();
        assertTrue(run.errors().contains(first), run::toString);
        assertTrue(run.errors().contains(second), run::toString);
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        Execution delete = jrun.call("delete", id).succeeds();
        assertTrue(delete.errors().contains(first), delete::toString);

        assertEquals("poststop\npoststop\n", notesText());
    }

    /** What cannot be executed, by its path in the root file system, and why. */
    private static final Map<String, String> NOT_EXECUTABLE = new TreeMap<>(Map.of(
            "/not/there", "no such file or directory",
            "/tmp", "permission denied",
            "/tmp/document", "permission denied",
            "/tmp/document/below", "not a directory",
            "/tmp/script", "no such file or directory",
            "/tmp/data", "exec format error"));

    private Bundle withFilesThatAreNotExecutable(Map<String, String> hooks) {
        return withHooks(hooks)
                .file("tmp/document", "rw-r--r--", "#!/bin/sh\n")
                .file("tmp/script", "rwxr-xr-x", "#!/not/there\n")
                .file("tmp/data", "rwxr-xr-x", "no program\n")
                .runs("true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prestart", "createRuntime", "createContainer", "startContainer", "poststart"})
    void aHookThatCannotBeExecutedSaysWhy(String name) {
        Bundle bundle = withFilesThatAreNotExecutable(Map.of("poststop", mark("poststop")));
        String root = name.equals("startContainer") ? "" : bundle.rootfs().toString();

        NOT_EXECUTABLE.forEach((path, reason) -> {
            bundle.with("/hooks/" + name, "[{\"path\": \"" + root + path + "\"}]");
            jrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                    .failsWith("config.json#/hooks/" + name + "/0: hook " + root + path + ": " + reason);
            sandbox.assertNothingIsLeft();
        });
        assertEquals("poststop\n".repeat(NOT_EXECUTABLE.size()), notesText());
    }

    @Test
    void aHookAtTheEndThatCannotBeExecutedIsAWarning() {
        Bundle bundle = withFilesThatAreNotExecutable(Map.of("poststop", mark("poststop")));
        String root = bundle.rootfs().toString();
        List<String> warnings = new ArrayList<>();
        NOT_EXECUTABLE.forEach((path, reason) -> {
            warnings.add("jrun: warning: config.json#/hooks/poststop/%d: hook %s: %s"
                    .formatted(warnings.size() + 1, root + path, reason));
            bundle.with("/hooks/poststop/-", "{\"path\": \"" + root + path + "\"}");
        });
        bundle.with("/hooks/poststop/-", mark("poststop"));

        Execution run =
                jrun.call("run", "--bundle", bundle.path(), sandbox.newId()).succeeds();

        assertEquals(
                warnings, run.errors().lines().filter(line -> !line.isEmpty()).toList());
        assertEquals("poststop\npoststop\n", notesText());
    }

    /** Its shell waits for a child. */
    private static String tooSlow() {
        return hook("slow", "sleep 4321 & wait", "\"timeout\": 1");
    }

    private static void assertNothingSleeps() {
        List<Long> sleepers = ProcessHandle.allProcesses()
                .filter(process -> Arrays.equals(process.info().arguments().orElse(null), new String[] {"4321"}))
                .map(ProcessHandle::pid)
                .toList();
        assertEquals(List.of(), sleepers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prestart", "createRuntime", "createContainer", "startContainer", "poststart"})
    void aHookThatTakesTooLongIsKilledWithItsChildren(String name) {
        Bundle bundle =
                withHooks(Map.of(name, tooSlow(), "poststop", mark("poststop"))).runs("sleep", "1000");

        jrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                .failsWith(
                        "config.json#/hooks/" + name + "/0: hook /bin/busybox did not end within 1 s and was killed");

        sandbox.assertNothingIsLeft();
        assertEquals("poststop\n", notesText());
        assertNothingSleeps();
    }

    @Test
    void aHookAtTheEndThatTakesTooLongIsAWarning() {
        Bundle bundle = withHooks(Map.of("poststop", tooSlow() + ", " + mark("poststop")))
                .runs("true");

        Execution run =
                jrun.call("run", "--bundle", bundle.path(), sandbox.newId()).succeeds();

        String warning =
                "warning: config.json#/hooks/poststop/0: hook /bin/busybox did not end within 1 s and was killed";
        assertTrue(run.errors().contains(warning), run::toString);
        assertEquals("poststop\n", notesText());
        assertNothingSleeps();
    }

    @Test
    void aHookEndsWithTheCallThatWaitsForIt() throws IOException {
        Bundle bundle = withHooks(Map.of("createRuntime", hook("slow", "echo $$ > " + notes() + "; exec sleep 1000")));

        // What a shell puts in the background ignores SIGINT, these tests perhaps.
        OciRuntime interruptible = jrun.behind("env", "--default-signal=INT");
        for (String signal : List.of("KILL", "TERM", "INT")) {
            Files.deleteIfExists(notes());
            Execution.Started create =
                    interruptible.start(Path.of("/dev/null"), "create", "--bundle", bundle.path(), sandbox.newId());
            Eventually.isTrue("the hook runs", () -> notesText().endsWith("\n"));
            Path hook = Path.of("/proc", notesText().strip());
            assertTrue(Files.exists(hook));
            Programs.run("sh", "-c", "kill -" + signal + " " + create.pid());

            assertNotEquals(0, create.await().code());
            Eventually.isTrue("the hook has ended", () -> !Files.exists(hook));
            sandbox.assertNothingIsLeft();
        }
    }

    /**
     * With no pid namespace of its own, SIGKILL ends all processes of a container, which takes its lock: the launch has
     * it.
     */
    @Test
    void killEndsALaunchThatHangs() throws IOException {
        String id = sandbox.newId();
        Bundle bundle = withHooks(Map.of("createRuntime", hook("slow", "echo $$ > " + notes() + "; exec sleep 1000")))
                .withoutNamespace("pid");
        Execution.Started create = jrun.start(Path.of("/dev/null"), "create", "--bundle", bundle.path(), id);
        Eventually.isTrue("the hook runs", () -> notesText().endsWith("\n"));
        Path hook = Path.of("/proc", notesText().strip());

        jrun.call("kill", id, "KILL").succeeds();

        assertNotEquals(0, create.await().code());
        Eventually.isTrue("the hook has ended", () -> !Files.exists(hook));
        jrun.call("delete", "--force", id).succeeds();
    }

    @Test
    void aStateOfAnySizeIsReadOrNot() throws IOException {
        String long_ = "x".repeat(300_000);
        Bundle bundle = withHooks(Map.of(
                        "createRuntime",
                        hook("ignores it", "true") + ", " + hook("reads it", "wc -c >> " + notes()) + ", "
                                + hook("again", "wc -c >> " + notes())))
                .with("/annotations", "{\"long\": \"" + long_ + "\"}")
                .runs("true");

        jrun.call("run", "--bundle", bundle.path(), sandbox.newId()).succeeds();

        List<String> sizes = Files.readAllLines(notes());
        assertEquals(2, sizes.size());
        assertEquals(sizes.getFirst(), sizes.getLast());
        assertTrue(Integer.parseInt(sizes.getFirst().strip()) > 300_000);
    }

    @Test
    void hooksCannotChangeWhatTheNextOneReads() {
        Bundle bundle = withHooks(Map.of(
                        "createRuntime",
                        hook("forger", "echo forged >&0 && exit 1; exit 0") + ", "
                                + hook("reader", "cat > " + notes())))
                .runs("true");

        jrun.call("run", "--bundle", bundle.path(), sandbox.newId()).succeeds();

        assertFalse(notesText().contains("forged"));
    }

    @Test
    void onlyTheEndOfALongOutputIsQuoted() {
        Bundle bundle =
                withHooks(Map.of("createRuntime", hook("loud", "echo begin; seq 1 100000; echo the end; exit 1")));

        Execution create = jrun.call("create", "--bundle", bundle.path(), sandbox.newId())
                .failsWith("exit status 1", "99999\n  100000\n  the end");

        assertFalse(create.errors().contains("begin"), create::toString);
        assertTrue(create.errors().length() < 1000);
    }

    /**
     * What others are told is what hooks read, "state" of runtime.md: a container is created when its creation is
     * complete.
     */
    @Test
    void aHookMayAskForItsContainer() {
        String id = sandbox.newId();
        String call = jrun.program() + " --root " + jrun.root();
        String ask = call + " state " + id + " | tr -d ' \n' | grep -oE '\"(pid|status)\":[^,]*' >> " + notes();
        String kill = "; " + call + " kill " + id + " 2>> " + notes();
        Bundle bundle = withHooks(Map.of(
                        "prestart", hook("asks", ask + kill + "; true"),
                        "createRuntime", hook("asks", ask),
                        "createContainer", hook("asks", ask),
                        "poststart", hook("asks", ask)))
                .runs("sleep", "1000");
        String creating = "\"pid\":[0-9]+\n\"status\":\"creating\"\n";
        String created =
                creating + "jrun: cannot kill container " + id + ": container not running\n" + creating + creating;

        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        assertLinesMatch(created + "\"pid\":[0-9]+\n\"status\":\"running\"\n", notesText());
        jrun.call("delete", "--force", id).succeeds();

        String before = notesText();
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        assertLinesMatch(created, notesText().substring(before.length()));
        assertEquals("created", jrun.status(id));
        jrun.call("delete", "--force", id).succeeds();
    }

    private static void assertLinesMatch(String patterns, String text) {
        Assertions.assertLinesMatch(patterns.lines(), text.lines());
    }

    @Test
    void explainShowsThem() {
        Bundle bundle = withHooks(marksEverywhere());

        String text = jrun.call("explain", "--bundle", bundle.path(), sandbox.newId())
                .succeeds()
                .output();

        for (String name : OUTSIDE) {
            assertTrue(text.contains("config.json#/hooks/" + name + "/0: hook /bin/busybox"), name);
        }
    }

    /** A process that a hook puts into the container's cgroup is not the container's, and is not killed. */
    @Test
    void aFailureThatCannotBeTakenBackSaysWhatStays() throws IOException {
        Path stranger = directory.resolve("stranger");
        String script =
                "pid=$(sed 's/.*\"pid\":\\([0-9]*\\).*/\\1/'); sleep 300 > /dev/null 2>&1 & echo $! > " + stranger
                        + "; for way in $(cut -d: -f2,3 /proc/$pid/cgroup); do"
                        + " for members in /sys/fs/cgroup/${way%%:*}${way#*:}/cgroup.procs; do"
                        + " case $members in */JRUN_ID/*) echo $! > $members;; esac; done; done; exit 1";
        String id = sandbox.newId();
        Bundle bundle = withHooks(Map.of("createRuntime", hook("stay", script.replace("JRUN_ID", id))));
        Execution run = jrun.call("run", "--bundle", bundle.path(), id);
        String pid = Files.readString(stranger).strip();
        run.failsWith(
                "config.json#/hooks/createRuntime/0: hook /bin/busybox: exit status 1",
                "; cleanup failed, run jrun delete to remove what is left of the container: "
                        + "cannot remove the cgroup of container " + id,
                pid);
        Programs.run("kill", "-KILL", pid);
        Eventually.isTrue(
                "the container can be deleted",
                () -> jrun.call("delete", "--force", id).code() == 0);
        sandbox.assertNothingIsLeft();
    }

    @Test
    void aStateThatDoesNotFitIntoAFileIsNotToldInPart() {
        Bundle bundle = withHooks(Map.of("createRuntime", noting("createRuntime", "1")))
                .with("/annotations", "{\"a\": \"" + "x".repeat(150_000) + "\"}");
        jrun.behind("sh", "-c", "ulimit -S -f 200; exec \"$@\"", "sh")
                .call("run", "--bundle", bundle.path(), sandbox.newId())
                .failsWith("config.json#/hooks/createRuntime/0", "file too large");
        assertEquals("", notesText());
        sandbox.assertNothingIsLeft();
    }
}
