// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.soak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.embedded.TestHost;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Execs in one container: one after the other, a hundred at once, and while the engine is killed each second. Each says
 * what its process printed and how it ended, none leaves anything, and the engine does not grow.
 *
 * <p>{@code -Djrun.soak.execs=10000} makes so many in each of these ways, which takes up to half an hour.
 */
class ExecSoakIT {

    private static final int EXECS = Integer.getInteger("jrun.soak.execs", 400);

    /** For each of the short forms, which are part of every build; what was asked for takes its time. */
    private static final long SECONDS = System.getProperty("jrun.soak.execs") == null ? 8 : Integer.MAX_VALUE;

    private static final int AT_ONCE = 100;

    /** Those who call while engines are killed. */
    private static final int CALLERS = 4;

    private static final long MILLISECONDS_TO_LIVE = 1000;
    private static final String ID = "soaked";

    /** By so much an engine may grow in the second half of what it does. */
    private static final double FLAT = 1.05;

    /** Fewer looks at it say nothing of that. */
    private static final int LOOKS = 10;

    /** What an engine has at most that has served a hundred at once, in kB: its heap grows and shrinks with them. */
    private static final long MOST = 200_000;

    @TempDir
    Path scratch;

    private TestHost host;
    private Unshared namespace;
    private OciRuntime jrun;
    private Path cgroup;
    private Path pidFiles;
    private Set<String> always;
    private final long deadline = System.nanoTime() + SECONDS * 1_000_000_000L;

    @BeforeEach
    void runContainer() throws IOException {
        Programs.needContainers();
        Programs.need("nsenter");
        host = TestHost.claim(scratch);
        pidFiles = Files.createDirectory(scratch.resolve("files"));
        // Engines of their own: those that are killed are nobody else's.
        namespace = Unshared.open("--mount");
        Files.createDirectories(Path.of("/run/jrun"));
        List<String> inside = List.of("nsenter", "--mount=" + namespace.file("mnt"));
        Programs.run(Stream.concat(inside.stream(), Stream.of("mount", "-t", "tmpfs", "engines", "/run/jrun"))
                .toList());
        jrun = new OciRuntime("jrun", inside, TestHost.HOME.resolve("bin/jrun"), scratch.resolve("state"));
        String path = host.cgroupsPath(ID);
        cgroup = host.hierarchies().stream()
                .map(hierarchy -> hierarchy.resolve(path.substring(1)))
                .toList()
                .getLast();
        Bundle bundle = Bundle.bare(scratch.resolve("bundle")).inCgroup(path).runs("sleep", "100000");
        jrun.call("run", "--detach", "--bundle", bundle.path(), ID).succeeds();
        Eventually.isTrue("an engine can be found", () -> engine() != 0);
        // By the time that it has served, it has all descriptors that it needs.
        jrun.call("exec", ID, "true").succeeds();
        always = found();
    }

    @AfterEach
    void giveHostBack() throws IOException {
        if (namespace != null) {
            jrun.call("delete", "--force", ID);
            jrun.call("engine", "stop");
            namespace.close();
        }
        if (host != null) {
            host.close();
        }
    }

    @Test
    void manyInARowLoseNothing() throws IOException {
        EngineWatch watch = new EngineWatch(engine());
        for (int number = 0; number < EXECS && isInTime(); number++) {
            exec(number, SoakedExec.Kind.values()[number % 3 == 0 ? 2 : 0])
                    .make()
                    .checkMade();
            watch.look();
        }
        Eventually.isEqual("what is there", always, this::found);
        watch.checkIsFlat();
    }

    @Test
    void manyAtOnceLoseNothing() throws Exception {
        EngineWatch watch = new EngineWatch(engine());
        int waves = Math.max(2, EXECS / AT_ONCE);
        try (ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int wave = 0; wave < waves && isInTime(); wave++) {
                List<Future<SoakedExec>> calls = new ArrayList<>();
                for (int n = 0; n < AT_ONCE; n++) {
                    SoakedExec exec = exec(wave * AT_ONCE + n, SoakedExec.Kind.values()[n % 3 == 0 ? 2 : 0]);
                    calls.add(callers.submit(exec::make));
                }
                for (Future<SoakedExec> call : calls) {
                    call.get().checkMade();
                }
                watch.look();
            }
        }
        Eventually.isEqual("what is there", always, this::found);
        watch.checkIsSmall();
    }

    @Test
    void whoeverBeginsBehindTheEndOfAnEngineIsServed() throws Exception {
        ConcurrentLinkedQueue<Kill> kills = new ConcurrentLinkedQueue<>();
        List<SoakedExec> execs = new ArrayList<>();
        try (ScheduledExecutorService killer = Executors.newSingleThreadScheduledExecutor();
                ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            killer.scheduleAtFixedRate(
                    () -> killEngine(kills), MILLISECONDS_TO_LIVE, MILLISECONDS_TO_LIVE, TimeUnit.MILLISECONDS);
            AtomicInteger next = new AtomicInteger();
            List<Future<List<SoakedExec>>> made = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                made.add(callers.submit(() -> makeAll(next)));
            }
            for (Future<List<SoakedExec>> some : made) {
                execs.addAll(some.get());
            }
            killer.shutdownNow();
        }
        int lost = 0;
        for (SoakedExec exec : execs) {
            if (exec.hasBeenMade()) {
                exec.checkMade();
            } else {
                assertTrue(isHit(exec, kills), () -> "no engine was killed under " + exec);
                exec.checkLost();
                lost++;
            }
        }
        System.out.printf(
                "soak: %d execs, %d engines killed, %d execs under way then, %d of them lost%n",
                execs.size(),
                kills.size(),
                execs.stream().filter(exec -> isHit(exec, kills)).count(),
                lost);
        assertTrue(kills.size() > 1, "the engine was killed only " + kills.size() + " times");
        Eventually.isEqual("what is there", always, this::found);
    }

    /** When an engine was killed: between these moments, in nanoseconds. */
    private record Kill(long before, long after) {}

    private static boolean isHit(SoakedExec exec, Collection<Kill> kills) {
        return kills.stream().anyMatch(kill -> exec.isUnderWay(kill.before(), kill.after()));
    }

    private List<SoakedExec> makeAll(AtomicInteger next) {
        List<SoakedExec> made = new ArrayList<>();
        for (int number = next.getAndIncrement(); number < EXECS && isInTime(); number = next.getAndIncrement()) {
            made.add(exec(number, SoakedExec.Kind.values()[number % 50 == 0 ? 1 : number % 3 == 0 ? 2 : 0])
                    .make());
        }
        return made;
    }

    private boolean isInTime() {
        return System.nanoTime() < deadline;
    }

    private SoakedExec exec(int number, SoakedExec.Kind kind) {
        return new SoakedExec(number, kind, jrun, ID, pidFiles);
    }

    /** The pid that its link has, {@code /proc/PID/fd/N}; 0 if none serves. */
    private long engine() {
        Path place = Path.of("/proc/" + namespace.pid() + "/root/run/jrun/engine");
        try (Stream<Path> files = Files.list(place)) {
            for (Path link : files.filter(Files::isSymbolicLink).toList()) {
                return Long.parseLong(Files.readSymbolicLink(link).getName(1).toString());
            }
            return 0;
        } catch (IOException none) {
            return 0;
        }
    }

    /** It may be the link of one that was killed. */
    private void killEngine(Collection<Kill> kills) {
        ProcessHandle.of(engine()).filter(ProcessHandle::isAlive).ifPresent(engine -> {
            long before = System.nanoTime();
            engine.destroyForcibly();
            kills.add(new Kill(before, System.nanoTime()));
        });
    }

    /** What was left on the host, and what is in the container. */
    private Set<String> found() {
        try {
            Set<String> found = new TreeSet<>(host.leftovers(jrun.root()));
            for (String pid : Files.readAllLines(cgroup.resolve("cgroup.procs"))) {
                found.add("process " + pid);
                Files.readAllLines(Path.of("/proc/" + pid + "/mountinfo")).forEach(line -> found.add("inside " + line));
            }
            try (Stream<Path> files = Files.list(pidFiles)) {
                files.forEach(file -> found.add("file " + file));
            }
            return found;
        } catch (IOException e) {
            return Set.of(e.toString());
        }
    }

    /** What an engine has while it serves all of these execs. */
    private static final class EngineWatch {

        private final long pid;
        private final long descriptors;
        private final List<Long> resident = new ArrayList<>();

        EngineWatch(long pid) {
            this.pid = pid;
            this.descriptors = descriptors();
        }

        /** In kB, now. */
        void look() throws IOException {
            try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
                String line = lines.filter(candidate -> candidate.startsWith("VmRSS:"))
                        .findFirst()
                        .orElseThrow();
                resident.add(Long.parseLong(line.replaceAll("\\D", "")));
            }
        }

        private long descriptors() {
            try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
                return files.count();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void checkIsFlat() {
            int half = resident.size() / 2;
            long before = Collections.max(resident.subList(0, half));
            long behind = Collections.max(resident.subList(half, resident.size()));
            System.out.printf(
                    "soak: engine at most %d kB in the first half of %d execs, %d kB in the second%n",
                    before, resident.size(), behind);
            if (resident.size() >= LOOKS) {
                assertTrue(behind <= before * FLAT, "the engine has grown from " + before + " to " + behind + " kB");
            }
            checkDescriptors();
        }

        void checkIsSmall() {
            long most = Collections.max(resident);
            System.out.printf("soak: engine at most %d kB in %d waves%n", most, resident.size());
            assertTrue(most <= MOST, "the engine has grown to " + most + " kB");
            checkDescriptors();
        }

        private void checkDescriptors() {
            Eventually.isTrue("the engine has no descriptor more", () -> descriptors() <= descriptors);
        }
    }
}
