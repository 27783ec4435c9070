// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jrun.cli.EmbeddedCall;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** events. */
class EventsIT extends RealContainers {

    private static final Path NOTHING = Path.of("/dev/null");
    private static final String OFTEN = "100ms";
    private static final String NEVER = "1000h";
    /** Of members that runc leaves out where they are 0, a container may have any. */
    private static final Set<String> UNLESS_ZERO = Set.of(
            "total",
            "percpu",
            "cache",
            "usage",
            "max",
            "periods",
            "throttledPeriods",
            "throttledTime",
            "ioServiceBytesRecursive",
            "ioServicedRecursive");

    /** jrun looks for these also where cgroup v1 has the controllers. */
    private static final Set<String> ALSO_ON_HYBRID = Set.of("psi", "hugetlb");

    private Bundle limited(String script) {
        Bundle bundle = sandbox.bundle().runsScript(script);
        return limitsMemory()
                ? bundle.with("/linux/resources", "{\"memory\": {\"limit\": 16777216, \"swap\": 16777216}}")
                : bundle;
    }

    private Bundle sleeping() {
        return sandbox.bundle().runs("sleep", "1000");
    }

    private String start(OciRuntime runtime, Bundle bundle) {
        String id = sandbox.newId();
        runtime.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        return id;
    }

    private Execution.Started watch(String interval, String id) {
        return jrun.start(NOTHING, "events", "--interval", interval, id);
    }

    private static long count(Execution.Started events, String type) {
        return count(events.outputSoFar(), type);
    }

    private static long count(String output, String type) {
        return output.lines()
                .filter(line -> line.startsWith("{\"type\":\"" + type + "\""))
                .count();
    }

    /** Waits until it watches. */
    private static void awaitStats(Execution.Started events) {
        long before = count(events, "stats");
        // Each may take the start of an engine, on a slow machine.
        Eventually.isTrueWithin(
                Duration.ofMinutes(1), "another line is printed", () -> count(events, "stats") > before);
    }

    private boolean limitsMemory() {
        try {
            return Files.exists(view().cgroups().resolve("memory/memory.oom_control"))
                    || Files.readString(view().unified().resolve("cgroup.controllers"))
                            .contains("memory");
        } catch (IOException e) {
            return false;
        }
    }

    private void needMemory() {
        Programs.skipUnless(limitsMemory(), "no hierarchy that is mounted has the memory controller");
    }

    private JsonNode stats(OciRuntime runtime, String id) {
        JsonNode event =
                OciRuntime.json(runtime.call("events", "--stats", id).succeeds().output());
        assertEquals("stats", event.get("type").asText());
        assertEquals(id, event.get("id").asText());
        return event.get("data");
    }

    private static void addNames(JsonNode node, String path, Set<String> names) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (!UNLESS_ZERO.contains(member.getKey())) {
                String name = path + "/" + member.getKey();
                names.add(name);
                addNames(member.getValue(), name, names);
            }
        }
    }

    private static Set<String> names(JsonNode node) {
        Set<String> names = new TreeSet<>();
        addNames(node, "", names);
        return names;
    }

    @Test
    void statsHaveTheMembersThatRuncWrites() throws IOException {
        Programs.need("runc");
        OciRuntime runc = sandbox.installed("runc").orElseThrow();
        Bundle bundle = sleeping();
        JsonNode expected = stats(runc, start(runc, bundle));
        JsonNode found = stats(jrun, start(jrun, bundle));

        Set<String> more = names(found);
        more.removeAll(names(expected));
        more.removeIf(name -> ALSO_ON_HYBRID.stream().anyMatch(known -> name.contains("/" + known)));
        assertEquals(Set.of(), more);
        Set<String> fewer = names(expected);
        fewer.removeAll(names(found));
        assertEquals(Set.of(), fewer);
        for (String same : List.of(
                "/cpuset", "/pids", "/network_interfaces", "/intel_rdt", "/memory/usage/limit", "/memory/swap/limit")) {
            assertEquals(expected.at(same), found.at(same), same);
        }
        assertEquals(
                expected.at("/cpu/usage/percpu").size(),
                found.at("/cpu/usage/percpu").size());
        assertTrue(found.at("/cpu/usage/total").asLong() > 0, found::toString);
        assertTrue(found.at("/cpu/usage/total").asLong() < TimeUnit.SECONDS.toNanos(10), found::toString);
    }

    @Test
    void aContainerIsSeenFromItsCreationOn() {
        String id = sandbox.newId();
        jrun.call("create", "--bundle", sleeping().path(), id).succeeds();
        stats(jrun, id);
        jrun.call("start", id).succeeds();
        jrun.call("pause", id).succeeds();
        assertEquals("paused", jrun.status(id));
        stats(jrun, id);
    }

    /** In the words that runc has for it. */
    @Test
    void whatCannotBeWatchedIsRefused() {
        String id = start(jrun, sleeping());
        for (String interval : List.of("0", "0s", "-1s")) {
            jrun.call("events", "--interval", interval, id).failsWith("duration interval must be greater than 0");
        }
        for (String interval : List.of("", "1", "x", "1 s", "1s ", "1d", "9999999h")) {
            jrun.call("events", "--interval", interval, id).failsWith("invalid value \"" + interval + "\"");
        }
        jrun.call("kill", id, "KILL").succeeds();
        jrun.awaitStatus(id, "stopped");
        jrun.call("events", "--stats", id).failsWith("container with id " + id + " is not running");
        jrun.call("events", id).failsWith("container with id " + id + " is not running");
        jrun.call("delete", id).succeeds();
        jrun.call("events", "--stats", id).failsWith("does not exist");
        jrun.call("events", id).failsWith("does not exist");
        jrun.call("events").failsWith("\"events\" requires exactly 1 argument(s)");
    }

    @Test
    void theStreamEndsWithTheContainer() {
        String id = start(jrun, sleeping());
        Execution.Started often = watch(OFTEN, id);
        Execution.Started never = watch(NEVER, id);
        awaitStats(often);
        awaitStats(often);
        jrun.call("delete", "--force", id).succeeds();

        Execution ended = often.await().succeeds();
        assertEquals("", ended.errors());
        for (String line : ended.lines()) {
            assertEquals(id, OciRuntime.json(line).get("id").asText());
            assertTrue(OciRuntime.json(line).at("/data/cpu/usage/total").asLong() > 0, line);
        }
        assertEquals("", never.await().succeeds().output());
    }

    /** A look at a time is enough for all that happens between two looks, and nothing keeps an engine. */
    @Test
    void eachKillForWantOfMemoryIsSaidOnce() throws IOException {
        needMemory();
        Bundle bundle = limited("until [ -e /go ]; do sleep 0.02; done;"
                + " for i in 1 2 3; do dd if=/dev/zero of=/dev/null bs=64M count=1; done; sleep 1000");
        String id = start(jrun, bundle);
        Execution.Started often = watch(OFTEN, id);
        Execution.Started never = watch(NEVER, id);
        awaitStats(often);
        awaitWatching(never);
        Files.createFile(bundle.rootfs().resolve("go"));

        Eventually.isEqual("kills", 3L, () -> count(often, "oom"));
        Eventually.isEqual("kills", 3L, () -> count(never, "oom"));
        awaitStats(often);
        jrun.call("delete", "--force", id).succeeds();
        assertEquals(3, count(often.await().succeeds().output(), "oom"));
        String lines = never.await().succeeds().output();
        assertEquals(("{\"type\":\"oom\",\"id\":\"" + id + "\"}\n").repeat(3), lines);
    }

    /** It has nothing to do but to wait, in poll(2) or ppoll(2), on its timer and on init. */
    private static void awaitWatching(Execution.Started events) {
        Eventually.isTrue("it waits alone", () -> {
            try (var descriptors = Files.list(Path.of("/proc/" + events.pid() + "/fd"))) {
                String call = Files.readString(Path.of("/proc/" + events.pid() + "/syscall"));
                boolean polls = call.startsWith("7 ") || call.startsWith("271 ") || call.startsWith("73 ");
                return polls && descriptors.noneMatch(EventsIT::isSocket);
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closed) {
            return false;
        }
    }

    /** The cgroup is removed by run's shim, at once when init has ended. */
    @Test
    void aKillThatEndsTheContainerIsSaid() throws IOException {
        needMemory();
        for (int times = 0; times < 10; times++) {
            Bundle bundle = limited("until [ -e /go ]; do sleep 0.02; done; exec dd if=/dev/zero of=/dev/null bs=64M");
            String id = sandbox.newId();
            Execution.Started run = jrun.start(NOTHING, "run", "--bundle", bundle.path(), id);
            Eventually.isTrue("it runs", () -> jrun.call("state", id).output().contains("\"running\""));
            Execution.Started events = watch(NEVER, id);
            awaitWatching(events);
            Files.createFile(bundle.rootfs().resolve("go"));
            assertEquals(137, run.await().code());
            assertEquals(1, count(events.await().succeeds().output(), "oom"), "round " + times);
        }
    }

    /** Its removal is no event of memory. */
    @Test
    void aContainerThatEndsOtherwiseRanOutOfNothing() {
        for (int times = 0; times < 10; times++) {
            String id = start(jrun, limited("sleep 1000"));
            Execution.Started events = watch(NEVER, id);
            awaitWatching(events);
            jrun.call("delete", "--force", id).succeeds();
            assertEquals("", events.await().succeeds().output(), "round " + times);
        }
    }

    @Test
    void anEngineThatIsKilledIsNotMissed() throws IOException {
        Bundle bundle = limited(
                "until [ -e /go ]; do sleep 0.02; done;" + " dd if=/dev/zero of=/dev/null bs=64M count=1; sleep 1000");
        String id = start(jrun, bundle);
        Execution.Started events = watch(OFTEN, id);
        awaitStats(events);
        killEngine();
        awaitStats(events);
        killEngine();
        if (limitsMemory()) {
            Files.createFile(bundle.rootfs().resolve("go"));
            Eventually.isEqual("kills", 1L, () -> count(events, "oom"));
        }
        awaitStats(events);
        killEngine();
        jrun.call("delete", "--force", id).succeeds();
        Execution ended = events.await().succeeds();
        assertEquals("", ended.errors());
        assertEquals(limitsMemory() ? 1 : 0, count(ended.output(), "oom"));
    }

    /** Where engines end with their call, each look starts one, and reaps it. */
    @Test
    void noEngineIsLeftWhereNoneStays() {
        String id = start(jrun, sleeping());
        OciRuntime alone = jrun.behind("env", "JRUN_ENGINE_IDLE=0");
        jrun.call("engine", "stop").succeeds();
        Execution.Started often = alone.start(NOTHING, "events", "--interval", "1s", id);
        awaitStats(often);
        awaitStats(often);
        jrun.call("engine", "stop").succeeds();
        Execution.Started never = alone.start(NOTHING, "events", "--interval", NEVER, id);
        awaitWatching(never);
        assertEquals(0, never.process().children().count());
        jrun.call("delete", "--force", id).succeeds();
        assertEquals("", often.await().succeeds().errors());
        assertEquals("", never.await().succeeds().errors());
    }

    /**
     * On cgroup v2, with files as that has them, since not every host has the memory controller there, and descriptors
     * in place of a timer and a process: what a call knows of the one before is in its environment.
     */
    @Test
    void killsAreCountedFromOneLookToTheNext() throws IOException {
        String id = start(jrun, sleeping());
        Path place = Files.createDirectory(directory.resolve("cgroup"));
        Path counts = place.resolve("memory.events");
        Path timer = place.resolve("timer");
        Path process = place.resolve("process");
        Programs.run("mkfifo", timer.toString(), process.toString()).succeeds();
        Files.writeString(counts, "low 0\nhigh 0\nmax 12\noom 2\noom_kill 10\noom_group_kill 0\n");
        Execution.Started events = jrun.behind(
                        "env",
                        "_JRUN_WATCH_TIMER=8",
                        "_JRUN_WATCH_PROCESS=9",
                        "_JRUN_WATCH_CGROUP=" + place,
                        "_JRUN_WATCH_KILLS=7",
                        "_JRUN_WATCH_KILLS_AT_LOOK=7",
                        "_JRUN_WATCH_KILLS_ON_HOST=0",
                        "sh",
                        "-c",
                        "exec 8<>" + timer + " 9<>" + process + "; exec \"$@\"",
                        "sh")
                .start(NOTHING, "events", id);
        Eventually.isEqual("kills", 3L, () -> count(events, "oom"));
        assertEquals(1, count(events, "stats"));

        Files.writeString(counts, "low 0\nhigh 0\nmax 12\noom 2\noom_kill 11\n");
        Files.writeString(timer, "x", StandardOpenOption.APPEND);
        Eventually.isEqual("kills", 4L, () -> count(events, "oom"));
        assertEquals(2, count(events, "stats"));

        Files.delete(counts);
        Files.writeString(process, "x", StandardOpenOption.APPEND);
        Execution ended = events.await().succeeds();
        assertEquals(4, count(ended.output(), "oom"));
        assertEquals("", ended.errors());
    }

    /**
     * What was killed on the host since the last look, and was not said, may have been here; what was counted at that
     * look, was.
     */
    @ParameterizedTest
    @CsvSource({"7, 7, 0, 0", "7, 7, 1, 1", "6, 7, 0, 1", "8, 7, 1, 0"})
    void ofACgroupThatIsGoneTheHostDecides(long said, long atLook, long onHostSince, long lines) throws IOException {
        Execution ended;
        long onHost;
        do {
            onHost = killsOnHost();
            Programs.skipUnless(onHost >= onHostSince, "nothing was ever killed for want of memory here");
            ended = jrun.behind(
                            "env",
                            "_JRUN_WATCH_TIMER=8",
                            "_JRUN_WATCH_PROCESS=9",
                            "_JRUN_WATCH_CGROUP=" + directory.resolve("gone"),
                            "_JRUN_WATCH_KILLS=" + said,
                            "_JRUN_WATCH_KILLS_AT_LOOK=" + atLook,
                            "_JRUN_WATCH_KILLS_ON_HOST=" + (onHost - onHostSince),
                            "sh",
                            "-c",
                            "exec 8</dev/null 9</dev/null; exec \"$@\"",
                            "sh")
                    .call("events", sandbox.newId())
                    .succeeds();
        } while (killsOnHost() != onHost);
        assertEquals(lines, count(ended.output(), "oom"));
    }

    private static long killsOnHost() throws IOException {
        return Files.readAllLines(Path.of("/proc/vmstat")).stream()
                .filter(line -> line.startsWith("oom_kill "))
                .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
                .findFirst()
                .orElseThrow();
    }

    /** Somebody else's variables are nobody's business. */
    @Test
    void variablesThatSayNothingAreIgnored() {
        String id = start(jrun, sleeping());
        Execution.Started events = jrun.behind("env", "_JRUN_WATCH_TIMER=x", "_JRUN_WATCH_PROCESS=-")
                .start(NOTHING, "events", "--interval", OFTEN, id);
        awaitStats(events);
        awaitStats(events);
        jrun.call("delete", "--force", id).succeeds();
        events.await().succeeds();
    }

    private void killEngine() {
        String status = jrun.call("engine", "status").output();
        String pid = status.replaceAll("(?s).*pid (\\d+).*", "$1");
        if (pid.matches("\\d+")) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** Not at its next line, which may be hours away. */
    @Test
    void theStreamEndsWhenNobodyReadsIt() throws Exception {
        String id = start(jrun, sleeping());
        for (String interval : List.of(NEVER, OFTEN)) {
            Process events = new ProcessBuilder(jrun.words("events", "--interval", interval, id))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            events.getInputStream().close();
            assertTrue(events.waitFor(20, TimeUnit.SECONDS), "it goes on without a reader");
            assertEquals(128 + 13, events.exitValue());
        }
    }

    private static void signal(String signal, Execution.Started events) {
        Programs.run("kill", "-" + signal, Long.toString(events.pid())).succeeds();
    }

    /**
     * The removal of the one that was watched is no event of the memory of the other, which has its cgroup where the
     * one had it.
     */
    @Test
    void aContainerThatWasMadeAgainUnderTheSameIdIsAnother() {
        Bundle bundle = limited("sleep 1000");
        String id = start(jrun, bundle);
        Execution.Started events = watch(NEVER, id);
        awaitWatching(events);
        signal("STOP", events);
        jrun.call("delete", "--force", id).succeeds();
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        signal("CONT", events);
        assertEquals("", events.await().succeeds().output());
        assertEquals("running", jrun.status(id));
    }

    /** As where there are no pidfds, which say of whom they are. */
    @Test
    void anotherContainerIsNotLookedAt() {
        String id = start(jrun, sleeping());
        Execution ended = jrun.behind("env", "_JRUN_WATCH_TIMER=99", "_JRUN_WATCH_PROCESS=99", "_JRUN_WATCH_STARTED=1")
                .start(NOTHING, "events", id)
                .await()
                .succeeds();
        assertEquals("", ended.output() + ended.errors());
    }

    /** It may read where there is nothing yet: after very many events it makes its call again before it is time. */
    @Test
    void itsTimerDoesNotBlock() throws IOException {
        String id = start(jrun, sleeping());
        Execution.Started events = watch(NEVER, id);
        awaitWatching(events);
        int timers = 0;
        Path process = Path.of("/proc/" + events.pid());
        try (var descriptors = Files.list(process.resolve("fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.readSymbolicLink(descriptor).toString().contains("timerfd")) {
                    timers++;
                    String info = Files.readString(process.resolve("fdinfo").resolve(descriptor.getFileName()));
                    assertTrue(info.contains("flags:\t04002"), info);
                }
            }
        }
        assertEquals(1, timers);
        signal("TERM", events);
        events.await();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aSignalEndsTheStreamWithoutAWord(String signal) {
        String id = start(jrun, sleeping());
        Execution.Started events =
                jrun.behind("env", "--default-signal=" + signal).start(NOTHING, "events", "--interval", NEVER, id);
        awaitWatching(events);
        Programs.run("kill", "-" + signal, Long.toString(events.pid()));
        Execution ended = events.await();
        assertEquals(signal.equals("INT") ? 130 : 143, ended.code());
        assertEquals("", ended.errors() + ended.output());
        assertFalse(ProcessHandle.of(events.pid()).isPresent());
        assertEquals("running", jrun.status(id));
    }

    /**
     * It may have become another's after the container was seen to run. Else the call would wait for that one's end, or
     * for the first look.
     */
    @Test
    @Timeout(60)
    void whoeverHasThePidOfAnInitThatHasEndedIsNotWatched() throws IOException {
        Programs.skipUnless(view() instanceof HostView.AsIs, "this JVM does not see the host so");
        String id = start(jrun, sleeping());
        List<String> words = List.of("--root", jrun.root().toString(), "events", "--interval", "1h", id);

        EmbeddedCall.Result result = new EmbeddedCall(directory)
                .make(
                        words,
                        (shim, session) -> new TakenPidSession(
                                session, () -> kill(id), ProcessHandle.current().pid()));

        assertEquals(0, result.code(), result::output);
        assertEquals("", result.output());
    }

    private void kill(String id) {
        jrun.call("kill", id, "KILL").succeeds();
        jrun.awaitStatus(id, "stopped");
    }

    /** There is no engine to ask for words then. */
    @Test
    void whatKeepsTheShimFromPrintingIsSaidInWords() throws IOException {
        String id = start(jrun, sleeping());
        Path errors = directory.resolve("errors");
        List<String> words = new ArrayList<>(view().prefix());
        words.addAll(List.of(
                jrun.program().toString(), "--root", jrun.root().toString(), "events", "--interval", "10ms", id));

        Process events = new ProcessBuilder(words)
                .redirectOutput(Path.of("/dev/full").toFile())
                .redirectError(errors.toFile())
                .start();

        assertEquals(1, awaitEnd(events));
        assertEquals("jrun: cannot go on to watch the container: no space left on device\n", Files.readString(errors));
    }

    private static int awaitEnd(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
