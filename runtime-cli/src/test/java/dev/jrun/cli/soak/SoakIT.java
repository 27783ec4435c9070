// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.embedded.TestHost;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lives of containers, some at the same time, while engine, shim and init are killed, descriptors and processes are
 * scarce, and hostile containers are connected to whatever they can reach. No call hangs, nothing is lost, nothing is
 * left, and nobody else is touched.
 *
 * <p>Which lives, which mishaps and when is made of a seed, which is printed. {@code -Djrun.soak.lifecycles=2000} takes
 * ten minutes, {@code -Djrun.soak.seed=N} repeats the choices of another run, though not what the processes make of
 * them.
 */
class SoakIT {

    private static final int LIFECYCLES = Integer.getInteger("jrun.soak.lifecycles", 60);
    private static final long SEED = Long.getLong("jrun.soak.seed", System.nanoTime() & 0xffff_ffffL);

    /** For the short form, which is part of every build; one that was asked for takes its time. */
    private static final long SECONDS = System.getProperty("jrun.soak.lifecycles") == null ? 40 : Integer.MAX_VALUE;

    /** What no call takes longer than for want of others, in nanoseconds: much less than a handshake may take. */
    private static final long PATIENCE = 5_000_000_000L;

    /** How many lives go on at the same time, at most. */
    private static final int SLOTS = 3;

    /**
     * How soon after the beginning something goes wrong, at the latest. A warm launch takes a few milliseconds, a cold
     * one a hundred.
     */
    private static final int[] MICROSECONDS = {1_000, 5_000, 20_000, 200_000};

    /** How long an engine has few descriptors, in nanoseconds. */
    private static final long SCARCITY = 200_000_000L;

    @TempDir
    static Path scratch;

    private static TestHost host;
    private static Unshared namespace;
    private static OciRuntime jrun;
    private static Callers callers;
    private static Bystanders bystanders;
    private static final List<HostileContainer> HOSTILE = new ArrayList<>();
    private static final List<List<Bundle>> BUNDLES = new ArrayList<>();
    private static Bundle occupied;
    private static Set<String> always;

    private final Random random = new Random(SEED);

    @BeforeAll
    static void populate() throws IOException {
        Programs.needContainers();
        Programs.need("perl", "nsenter", "prlimit");
        host = TestHost.claim(scratch);
        // Engines, sockets and mounts of their own: nobody else's tests are to suffer.
        namespace = Unshared.open("--mount");
        Files.createDirectories(Path.of("/run/jrun"));
        List<String> inside = List.of("nsenter", "--mount=" + namespace.file("mnt"));
        enter(inside, "mount", "-t", "tmpfs", "engines", "/run/jrun");
        OciRuntime runtime =
                new OciRuntime("jrun", inside, TestHost.HOME.resolve("bin/jrun"), scratch.resolve("state"));
        OciRuntime others = new OciRuntime("others", inside, runtime.program(), scratch.resolve("others"));
        jrun = runtime;
        callers = Callers.open(runtime);
        bystanders = new Bystanders(host, others, namespace);

        bystanders.settleIn(host.cgroupsPath("occupied"));
        Bundle first = bundle("first", "c0", "sh", "-c", "exit 7");
        occupied = sibling(first, "occupied", "occupied", "true");
        for (int slot = 0; slot < SLOTS; slot++) {
            String id = "c" + slot;
            Bundle sleeping = sibling(first, "sleeping" + slot, id, "sleep", "1000");
            Bundle hooked = sibling(first, "hooked" + slot, id, "sleep", "1000");
            hooked.withHooksAndSeccomp();
            Bundle mapped = bundle("mapped" + slot, id, "sleep", "1000")
                    .ownedByMappedRoot()
                    .inUserNamespace();
            Bundle brief = sibling(first, "brief" + slot, id, "sh", "-c", "exit 7");
            Bundle namesake = sibling(first, "namesake" + slot, "namesake" + slot, "sleep", "1000");
            BUNDLES.add(List.of(brief, sleeping, hooked, mapped, namesake));
            bystanders.run(id, namesake);
        }
        bystanders.run("keeper", sibling(first, "keeper", "keeper", "sleep", "1000"));
        HOSTILE.add(HostileContainer.start(
                others, "hostile0", bundle("hostile0", "hostile0", "true"), false, Path.of("/run/jrun")));
        // As the host's root it could also keep others from being started: the start sockets are their owner's.
        Path states = Files.createDirectories(runtime.root());
        HOSTILE.add(HostileContainer.start(
                others, "hostile1", bundle("hostile1", "hostile1", "true"), true, Path.of("/run/jrun"), states));
        always = host.lastingLeftovers(runtime.root());
        bystanders.watch();
    }

    private static void enter(List<String> inside, String... command) {
        List<String> words = new ArrayList<>(inside);
        words.addAll(List.of(command));
        Programs.run(words);
    }

    private static Bundle bundle(String name, String cgroup, String... program) throws IOException {
        return withForeignFiles(Bundle.bare(scratch.resolve(name))
                .inCgroup(host.cgroupsPath(cgroup))
                .runs(program));
    }

    private static Bundle sibling(Bundle first, String name, String cgroup, String... program) throws IOException {
        return withForeignFiles(first.bareSibling(scratch.resolve(name))
                .inCgroup(host.cgroupsPath(cgroup))
                .runs(program));
    }

    private static Bundle withForeignFiles(Bundle bundle) throws IOException {
        return bundle.withMounts(
                "{\"destination\": \"/foreign\", \"type\": \"bind\", \"source\": \"%s\", \"options\": [\"rbind\"]}"
                        .formatted(bystanders.files()));
    }

    @AfterAll
    static void giveHostBack() throws IOException {
        for (HostileContainer hostile : HOSTILE) {
            hostile.close();
        }
        if (bystanders != null) {
            bystanders.close();
        }
        if (callers != null) {
            jrun.call("engine", "stop");
            callers.close();
        }
        if (namespace != null) {
            namespace.close();
        }
        if (host != null) {
            host.close();
        }
    }

    @Test
    void nothingIsLostAndNothingElseTouched() throws IOException, InterruptedException {
        System.out.println("soak: seed " + SEED + ", " + LIFECYCLES + " lifecycles");
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        int lives = 0;
        for (int round = 0; lives < LIFECYCLES && System.nanoTime() < end; round++) {
            lives += round(round);
            if (round % 100 == 99) {
                System.out.println("soak: " + lives + " lifecycles in " + (round + 1) + " rounds");
            }
        }
        System.out.println("soak: " + lives + " lifecycles");
    }

    /** Some lives at the same time with one mishap. */
    private int round(int number) throws IOException, InterruptedException {
        Mishap mishap = Mishap.values()[random.nextInt(Mishap.values().length)];
        List<Lifecycle> lives = new ArrayList<>();
        for (int slot = random.nextInt(SLOTS); slot >= 0; slot--) {
            lives.add(lifecycle(slot));
        }
        int micros = random.nextInt(MICROSECONDS[random.nextInt(MICROSECONDS.length)]);
        String what = "seed " + SEED + ", round " + number + ", " + mishap + " after " + micros + " us, " + lives;
        callers.prepare(mishap, random.nextInt(8));
        List<Thread> threads = new ArrayList<>();
        for (Lifecycle life : lives) {
            threads.add(Thread.startVirtualThread(life));
        }
        LockSupport.parkNanos(micros * 1000L);
        befall(mishap, lives);
        for (Thread thread : threads) {
            thread.join();
        }
        callers.recover();
        for (Lifecycle life : lives) {
            life.check(mishap, what);
            settle(life, mishap, what);
        }
        assertEquals(List.of(), bystanders.changes(), what);
        assertTrue(bystanders.quickestCall() < PATIENCE, what + ": callers wait for those who say nothing");
        Eventually.isEqual(what, always, SoakIT::leftovers);
        return lives.size();
    }

    private Lifecycle lifecycle(int slot) {
        List<Bundle> bundles = BUNDLES.get(slot);
        String id = "c" + slot;
        return switch (random.nextInt(8)) {
            case 0 -> Lifecycle.refused(callers, id, occupied);
            case 1 -> Lifecycle.refused(callers, id, bundles.getLast());
            case 2, 3 -> Lifecycle.inForeground(callers, id, bundles.getFirst());
            case 4 -> Lifecycle.detached(callers, id, bundles.get(1 + random.nextInt(3)));
            case 5 -> Lifecycle.abandoned(callers, id, bundles.get(1 + random.nextInt(3)));
            default -> Lifecycle.whole(callers, id, bundles.get(1 + random.nextInt(3)));
        };
    }

    private static void befall(Mishap mishap, List<Lifecycle> lives) throws IOException {
        switch (mishap) {
            case ENGINE -> callers.killEngine();
            case SHIM -> lives.forEach(Lifecycle::killShim);
            case INIT -> {
                for (Lifecycle life : lives) {
                    life.killInit(host);
                }
            }
            case ENGINE_AND_SHIM -> {
                lives.forEach(Lifecycle::killShim);
                callers.killEngine();
            }
            case FEW_DESCRIPTORS -> {
                // As long as an engine can accept nobody, its callers wait, and then go elsewhere.
                LockSupport.parkNanos(SCARCITY);
                callers.recover();
            }
            case NONE, FEW_PROCESSES -> {}
        }
    }

    /** What a call has said that there is, is there; and it can be removed. */
    private static void settle(Lifecycle life, Mishap mishap, String what) {
        Execution state = jrun.call("state", life.id());
        if (life.hasContainer()) {
            assertEquals(0, state.code(), () -> what + ": lost: " + life + ": " + state);
        }
        if (state.code() == 0 && mishap != Mishap.INIT) {
            assertTrue(
                    state.output().matches("(?s).*\"status\": \"(creating|created|running|stopped)\".*"), what + state);
        }
        Execution deleted = jrun.call("delete", "--force", life.id());
        assertEquals(0, deleted.code(), () -> what + ": " + deleted);
        Execution gone = jrun.call("state", life.id());
        assertNotEquals(0, gone.code(), () -> what + ": " + gone);
        assertTrue(gone.errors().contains("does not exist"), () -> what + ": " + gone);
        assertFalse(Files.exists(jrun.root().resolve(life.id())), what);
    }

    private static Set<String> leftovers() {
        try {
            return new TreeSet<>(host.leftovers(jrun.root()));
        } catch (IOException e) {
            return Set.of(e.toString());
        }
    }
}
