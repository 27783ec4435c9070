// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that are as large as they may be, or larger, through the distribution's own engine. */
class LargeDocumentsIT extends RealContainers {

    private static final int MAX_BYTES = 16 << 20;
    private static final String VALID = "config.json: no problems, no warnings\n";

    /** A configuration of {@link #MAX_BYTES} whose annotation is filled up with {@code unit}. */
    private static String filledWith(String unit) {
        String start = config("\"annotations\": {\"a\": \"");
        int rest = MAX_BYTES - start.getBytes().length - "\"}}".length();
        return start + unit.repeat(rest / unit.getBytes().length) + "\"}}";
    }

    /** The beginning of a valid configuration, up to this member. */
    private static String config(String member) {
        return """
                {"ociVersion": "1.3.0", "root": {"path": "rootfs"}, "process": {"args": ["true"], "cwd": "/"},
                 "linux": {"namespaces": [{"type": "mount"}]},""" + member;
    }

    private static String list(int count, String format) {
        return IntStream.range(0, count).mapToObj(format::formatted).collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "中", "\\u00e9"})
    void aDocumentOf16MebibytesIsRead(String unit) {
        assertEquals(VALID, validate(filledWith(unit)).succeeds().output());
    }

    @Test
    void aLongerOneIsRefused() {
        Execution run = validate(filledWith("x") + "  ");
        assertEquals(
                "problem: config.json: longer than the 16 MiB that are allowed\nconfig.json: 1 problem, no warnings\n",
                run.output());
    }

    @Test
    void manyOfThemAtOnceAreReadByOneEngine() {
        Bundle bundle = sandbox.bundle()
                .withConfigText(config("\"mounts\": [")
                        + list(
                                30_000,
                                "{\"destination\": \"/m/%d\", \"type\": \"tmpfs\", \"source\": \"" + "s".repeat(450)
                                        + "\"}")
                        + "]}");
        String engine = enginePid();
        List<Execution.Started> calls = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            calls.add(jrun.start(Path.of("/dev/null"), "validate", "--bundle", bundle.path()));
        }
        for (Execution.Started call : calls) {
            assertEquals(VALID, call.await().succeeds().output());
        }
        assertEquals(engine, enginePid());
    }

    /**
     * Some 60,000 instructions each, of which the programs of a few would fill the heap, if they were all there at the
     * same time.
     */
    @ParameterizedTest
    @ValueSource(strings = {"create", "run"})
    void whatIsLargeTogetherEndsNoEngine(String command) throws IOException {
        int containers = 16;
        Bundle bundle = sandbox.bundle()
                .runsScript("read -r line")
                .with("/linux/maskedPaths", "[" + list(14_000, "\"/masked/%d\"") + "]");
        String engine = enginePid();
        List<String> ids = new ArrayList<>();
        List<Execution.Started> calls = new ArrayList<>();
        Path input = bundle.directory().resolve("input");
        Programs.run("mkfifo", input.toString());
        try (var _ = FileChannel.open(input, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (int i = 0; i < containers; i++) {
                String id = sandbox.newId();
                ids.add(id);
                calls.add(jrun.start(input, command, "--bundle", bundle.path(), id));
            }
            String expected = command.equals("run") ? "running" : "created";
            for (String id : ids) {
                awaitStatus(id, expected);
            }
            assertEquals(engine, enginePid());
            ids.forEach(id -> jrun.call("delete", "--force", id).succeeds());
        }
        calls.forEach(Execution.Started::await);
        sandbox.assertNothingIsLeft();
    }

    @Test
    void aLargeContainerInTheForegroundKeepsNoOtherWaiting() throws IOException {
        Bundle bundle = sandbox.bundle()
                .runsScript("read -r line")
                .with("/annotations", "{\"a\": \"" + "x".repeat(300_000) + "\"}");
        String first = sandbox.newId();
        String second = sandbox.newId();
        Path input = bundle.directory().resolve("input");
        Programs.run("mkfifo", input.toString());
        enginePid();
        try (var _ = FileChannel.open(input, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Execution.Started run = jrun.start(input, "run", "--bundle", bundle.path(), first);
            awaitStatus(first, "running");
            long before = engineCalls();
            jrun.call("create", "--bundle", bundle.path(), second).succeeds();
            assertEquals(before + 2, engineCalls(), "calls of the engine: create and this one");
            jrun.call("delete", "--force", first).succeeds();
            run.await();
        }
    }

    /** To plan each takes most of what all calls have for that. */
    @Test
    void aLargeLaunchThatHangsInAHookKeepsNoOtherWaiting() throws IOException {
        String hooks = "{\"createRuntime\": [" + Bundle.hook("hang", hanging()) + "]}";
        Bundle bundle = sandbox.bundle()
                .runs("true")
                .with("/linux/maskedPaths", "[" + list(14_000, "\"/masked/%d\"") + "]")
                .with("/hooks", hooks);
        enginePid();
        List<Execution.Started> calls = new ArrayList<>();
        try (var _ = neverEnding()) {
            for (int i = 1; i <= 3; i++) {
                calls.add(jrun.start(Path.of("/dev/null"), "run", "--bundle", bundle.path(), sandbox.newId()));
                awaitHanging(i);
                assertIsServedByTheEngineOfAll(calls.getLast());
            }
        }
        for (Execution.Started call : calls) {
            call.await().failsWith("config.json#/hooks/createRuntime/0: hook /bin/busybox: exit status 3: woken");
        }
        sandbox.assertNothingIsLeft();
    }

    /** To read each state takes most of what all calls have for that. */
    @Test
    void hooksThatAreToldMuchAndHangKeepNoOtherWaiting() throws IOException {
        Bundle bundle = withLargeAnnotation(
                "{\"poststop\": [%s]}".formatted(Bundle.hook("hang", hanging())), "exec sleep 1000");
        List<String> ids = new ArrayList<>();
        enginePid();
        for (int i = 0; i < 3; i++) {
            ids.add(sandbox.newId());
            jrun.call("create", "--bundle", bundle.path(), ids.get(i)).succeeds();
        }
        List<Execution.Started> calls = new ArrayList<>();
        try (var _ = neverEnding()) {
            for (int i = 0; i < 3; i++) {
                calls.add(jrun.start(Path.of("/dev/null"), "delete", "--force", ids.get(i)));
                awaitHanging(i + 1);
                assertIsServedByTheEngineOfAll(calls.getLast());
            }
        }
        for (Execution.Started call : calls) {
            Execution deletion = call.await().succeeds();
            assertTrue(deletion.errors().contains("exit status 3: woken"), deletion::toString);
        }
        sandbox.assertNothingIsLeft();
    }

    @Test
    void aStateThatNobodyReadsKeepsNoOtherWaiting() throws IOException {
        Bundle bundle = withLargeAnnotation("{}", "exec sleep 1000");
        String id = sandbox.newId();
        enginePid();
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        Path pipe = directory.resolve("unread");
        Programs.run("mkfifo", pipe.toString());
        try (var _ = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Execution.Started state =
                    jrun.behind("sh", "-c", "exec \"$@\" > " + pipe, "sh").start(Path.of("/dev/null"), "state", id);
            Eventually.isTrue("it waits for a reader", () -> isWriting(state.pid()));
            assertHangsInAHookOfTheEngineOfAll();
            state.process().destroy();
            state.await();
        }
        jrun.call("delete", "--force", id).succeeds();
    }

    /** x86_64 and aarch64 number write(2) differently. */
    private static boolean isWriting(long pid) {
        try {
            String call = Files.readString(Path.of("/proc/" + pid + "/syscall"));
            return call.startsWith("1 ") || call.startsWith("64 ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertHangsInAHookOfTheEngineOfAll() throws IOException {
        Bundle bundle = sandbox.bundle()
                .runs("true")
                .with("/hooks", "{\"createRuntime\": [" + Bundle.hook("hang", hanging()) + "]}");
        Execution.Started create;
        try (var _ = neverEnding()) {
            create = jrun.start(Path.of("/dev/null"), "create", "--bundle", bundle.path(), sandbox.newId());
            awaitHanging(1);
            assertIsServedByTheEngineOfAll(create);
        }
        create.await().failsWith("woken");
    }

    /**
     * All their annotations and what it takes to read one more are larger than the memory, and so is what is read when
     * they end at once.
     */
    @Test
    void largeContainersInTheForegroundEndNoEngine() throws IOException {
        int containers = 14;
        Path notes = directory.resolve("notes");
        String note = "tr -d x | grep -o REST.. >> " + notes;
        Bundle bundle =
                withLargeAnnotation("{\"poststop\": [%s]}".formatted(Bundle.hook("note", note)), "read -r line");
        String engine = enginePid();
        List<Execution.Started> calls = new ArrayList<>();
        Path input = bundle.directory().resolve("input");
        Programs.run("mkfifo", input.toString());
        try (var _ = FileChannel.open(input, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (int i = 0; i < containers; i++) {
                String id = sandbox.newId();
                calls.add(jrun.start(input, "run", "--bundle", bundle.path(), id));
                awaitStatus(id, "running");
            }
        }
        for (Execution.Started call : calls) {
            assertEquals(1, call.await().code(), "the exit code of read at the end of its input");
        }
        assertEquals("REST\"}\n".repeat(containers), Files.readString(notes));
        assertEquals(engine, enginePid());
        sandbox.assertNothingIsLeft();
    }

    /** Their configuration is what each reads first. */
    @Test
    void manyAtOnceThatExecuteInALargeContainerEndNoEngine() throws IOException {
        Bundle bundle = withLargeAnnotation("{}", "exec sleep 1000");
        String id = sandbox.newId();
        String engine = enginePid();
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        List<Execution.Started> calls = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            calls.add(jrun.start(Path.of("/dev/null"), "exec", id, "true"));
        }
        for (Execution.Started call : calls) {
            call.await(120).succeeds();
        }
        assertEquals(engine, enginePid());
        jrun.call("delete", "--force", id).succeeds();
    }

    private Bundle withLargeAnnotation(String hooks, String script) throws IOException {
        Bundle bundle =
                sandbox.bundle().runsScript(script).with("/hooks", hooks).with("/annotations", "{\"a\": \"REPLACED\"}");
        Path config = bundle.directory().resolve("config.json");
        return bundle.withConfigText(Files.readString(config).replace("REPLACED", "x".repeat(14 << 20) + "REST"));
    }

    /** A hook's script that says that it is there, and waits for somebody to write. */
    private String hanging() {
        return "echo > %1$s.$$; read -r line < %1$s; echo woken >&2; exit 3".formatted(directory.resolve("hang"));
    }

    private FileChannel neverEnding() throws IOException {
        Path pipe = directory.resolve("hang");
        Programs.run("mkfifo", pipe.toString());
        return FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private void awaitHanging(int count) {
        Eventually.isTrue(count + " hooks hang", () -> {
            try (var files = Files.list(directory)) {
                return files.filter(file -> file.getFileName().toString().startsWith("hang."))
                                .count()
                        == count;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** It has not waited for memory, since it has not started one of its own. */
    private static void assertIsServedByTheEngineOfAll(Execution.Started call) {
        List<String> children = call.process()
                .descendants()
                .map(child -> child.info().command().orElse(""))
                .filter(command -> command.endsWith("/java"))
                .toList();
        assertEquals(List.of(), children, "engines of its own");
    }

    /** Their states together are larger than the engine's memory, and each is larger still as it is printed. */
    @Test
    void largeAnnotationsEndNoEngine() throws IOException {
        int containers = 24;
        String first = sandbox.newId();
        Bundle bundle = sandbox.bundle().runs("true").with("/annotations", "{\"a\": \"REPLACED\"}");
        Path config = bundle.directory().resolve("config.json");
        String annotation = "x".repeat(9 << 20) + "<".repeat(1 << 20);
        bundle.withConfigText(Files.readString(config).replace("REPLACED", annotation));
        String engine = enginePid();
        jrun.call("run", "--detach", "--bundle", bundle.path(), first).succeeds();
        awaitStatus(first, "stopped");
        for (int i = 1; i < containers; i++) {
            copy(first, sandbox.newId());
        }

        assertEquals(containers + 1, jrun.call("list").succeeds().lines().size());
        assertEquals(containers, counted("list", "--format", "json"));
        List<Execution.Started> states = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            states.add(counting().start(Path.of("/dev/null"), "state", first));
        }
        for (Execution.Started state : states) {
            assertEquals("1", state.await().succeeds().output().strip());
        }
        assertEquals(engine, enginePid());
        jrun.call("delete", first).succeeds();
        assertEquals(engine, enginePid());
    }

    private void copy(String id, String other) throws IOException {
        Path directory = Files.createDirectory(
                jrun.root().resolve(other),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(
                directory.resolve("state.json"),
                Files.readString(jrun.root().resolve(id).resolve("state.json"))
                        .replace("\"id\":\"" + id, "\"id\":\"" + other));
    }

    private int counted(String... words) {
        return Integer.parseInt(counting().call(words).succeeds().output().strip());
    }

    /** Prints how many containers it prints, with whole annotations. */
    private OciRuntime counting() {
        return jrun.behind(
                "bash", "-o", "pipefail", "-c", "\"$@\" | tr -d x | tr '}' '\\n' | grep -c 'u003c\"$'", "bash");
    }

    /** It may not be there yet: large launches are planned one after the other. */
    private void awaitStatus(String id, String status) {
        Eventually.isTrueWithin(Duration.ofMinutes(2), "container " + id + " is " + status, () -> {
            Execution state = jrun.call("state", id);
            return state.code() == 0
                    && OciRuntime.json(state.output()).get("status").asText().equals(status);
        });
    }

    private long engineCalls() {
        String status =
                jrun.call("engine", "status", "--format", "json").succeeds().output();
        return OciRuntime.json(status).get("calls").asLong();
    }

    /** One that was started for a call listens when that has ended, and what follows may be faster. */
    private String enginePid() {
        jrun.call("features").succeeds();
        Eventually.isTrue(
                "an engine serves", () -> jrun.call("engine", "status").code() == 0);
        return jrun.call("engine", "status")
                .succeeds()
                .output()
                .lines()
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void nestingOf100000LevelsIsRefused(String level) {
        Execution run = validate(config("\"x\": " + level.repeat(100_000)));
        assertEquals(1, run.code(), run::toString);
        assertTrue(run.output().contains("nested too deep; allowed: 1000 levels"), run::toString);
    }

    @Test
    void manyMountsAreMade() {
        Bundle bundle = sandbox.bundle().runsScript("grep -c ' /m/' /proc/self/mountinfo");
        var mounts = new StringBuilder(bundle.config().at("/mounts").toString())
                .insert(1, list(10_000, "{\"destination\": \"/m/%d\", \"type\": \"tmpfs\"}") + ",");
        // The root file system is left as it is: the mount points are in a file system of its own.
        mounts.insert(1, "{\"destination\": \"/m\", \"type\": \"tmpfs\"},");
        bundle.file("m/x", "rw-r--r--", "").with("/mounts", mounts.toString());

        assertEquals(
                "10000\n",
                jrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                        .succeeds()
                        .output());
    }

    @Test
    void whatLeadsToTooLargeAProgramIsRefused() {
        Bundle bundle = sandbox.bundle()
                .withConfigText(config(
                        "\"mounts\": [" + list(20_000, "{\"destination\": \"/m/%d\", \"type\": \"tmpfs\"}") + "]}"));
        for (String command : List.of("run", "explain")) {
            jrun.call(command, "--bundle", bundle.path(), sandbox.newId())
                    .failsWith("config.json: it needs a launch program of ", " instructions; allowed: 262144");
        }
    }

    @Test
    void manyTimesTooManyMountsEndNoEngine() {
        refusesAndLives(
                config("\"mounts\": [" + list(60_000, "{\"destination\": \"/m%d\", \"type\": \"tmpfs\"}") + "]}"));
    }

    @Test
    void manyTimesTooManyMaskedPathsEndNoEngine() {
        String namespaces = "\"namespaces\": [{\"type\": \"mount\"}]";
        String masks = "\"maskedPaths\": [" + list(230_000, "\"/m%d\"") + "]";
        refusesAndLives(config("\"annotations\": {}}").replace(namespaces, namespaces + ", " + masks));
    }

    private void refusesAndLives(String config) {
        Bundle bundle = sandbox.bundle().withConfigText(config);
        String engine = enginePid();

        jrun.call("create", "--bundle", bundle.path(), sandbox.newId())
                .failsWith("config.json: it needs a launch program of ", " instructions; allowed: 262144");

        assertEquals(engine, enginePid());
        sandbox.assertNothingIsLeft();
    }

    @Test
    void whatIsTooLongForTheKernelIsRefused() {
        Bundle bundle = sandbox.bundle().with("/process/env", "[\"PATH=/bin\"," + list(250_000, "\"E%d=\"") + "]");
        jrun.call("run", "--bundle", bundle.path(), sandbox.newId())
                .failsWith("config.json#/process/args", "argument list too long");
    }

    @Test
    void validatingNeedsNoOtherRightsThanToRead() throws IOException {
        Bundle bundle = sandbox.bundle();
        // Where others than root find it.
        Path open = Files.createTempDirectory("jrun-it-open");
        try {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path config = Files.copy(bundle.directory().resolve("config.json"), open.resolve("config.json"));
            assertEquals(VALID, asNobody(open).succeeds().output());
            Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
            asNobody(open).failsWith("config.json: permission denied");
        } finally {
            Files.delete(open.resolve("config.json"));
            Files.delete(open);
        }
    }

    private Execution asNobody(Path bundle) {
        Programs.need("setpriv");
        List<String> prefix = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--");
        List<String> find = new ArrayList<>(prefix);
        find.addAll(List.of("test", "-x", jrun.program().toString()));
        boolean reachable = Execution.of(new ProcessBuilder(find)).code() == 0;
        Programs.skipUnless(reachable, "others than root cannot execute " + jrun.program());
        return new OciRuntime(jrun.name(), prefix, jrun.program(), jrun.root())
                .call("validate", "--bundle", bundle.toString());
    }

    private Execution validate(String config) {
        Bundle bundle = sandbox.bundle().withConfigText(config);
        return jrun.call("validate", "--bundle", bundle.path());
    }
}
