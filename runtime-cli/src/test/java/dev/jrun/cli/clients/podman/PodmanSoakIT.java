// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.clients.DebianMachine;
import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Containers and execs of Podman one after the other, in namespaces where an engine of jrun's stays by itself: nothing
 * is left of any, and engines may be killed meanwhile.
 *
 * <p>{@code -Djrun.soak.podman=1000} makes so many of each, which takes a quarter of an hour.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PodmanSoakIT {

    private static final int TIMES = Integer.getInteger("jrun.soak.podman", 12);
    private static final int WARM = 3;
    private static final String NAME = "lasting";

    /**
     * What containers could leave: processes, mounts, files of the runtime, cgroups. A container that lasts is there
     * before and after.
     */
    private static final String LOOK = """
            for process in /proc/[0-9]*; do tr '\\0' ' ' < $process/cmdline 2> /dev/null; echo; done | grep -v -e look-around -e engine.args -e '^sort' -e '^$' | sort
            cut -d ' ' -f 5 /proc/self/mountinfo | sort
            find /run/jrun /run/crun /run/runc -path /run/jrun/engine -prune -o -print 2> /dev/null | sort
            find /sys/fs/cgroup -maxdepth 4 -type d -path '*libpod*' | sort
            """;

    /** Kills the engine each second, until there is this file. Its place is a link to what it has. */
    private static final String KILLER = """
            until [ -e "$1" ]; do
                sleep 1
                for place in /run/jrun/engine/[0-9]*; do
                    engine=$(readlink "$place") && kill -KILL "$(echo "$engine" | cut -d / -f 3)" && echo killed
                done
            done 2> /dev/null
            """;

    @TempDir
    static Path scratch;

    private Machine machine;
    private Podman engine;
    private PodmanSession podman;
    private String before;

    @BeforeAll
    void open() throws IOException {
        machine = DebianMachine.sid(scratch);
        engine = Podman.withCgroupfs(machine, scratch);
        podman = new PodmanSession(engine, "jrun");
        podman.run("--detach", "--name", NAME, Podman.IMAGE, "sleep", "100000").succeeds();
        before = found();
    }

    @AfterAll
    void close() {
        if (engine != null) {
            engine.close();
        }
        if (machine != null) {
            machine.close();
        }
    }

    private String found() {
        return Execution.of(machine.command("sh", "-c", LOOK, "look-around"))
                .succeeds()
                .output();
    }

    private Execution jrun(String... arguments) {
        List<String> words = new ArrayList<>(List.of(Machine.JRUN.toString()));
        words.addAll(List.of(arguments));
        return Execution.of(machine.command(words));
    }

    /** How many the engine has, and which engine that is. */
    private String descriptors() {
        return Execution.of(machine.command(
                        "sh",
                        "-c",
                        "pid=$(\"$0\" engine status | sed -n 's/^running, pid //p'); ls /proc/$pid/fd | wc -l; echo engine $pid",
                        Machine.JRUN.toString()))
                .succeeds()
                .output();
    }

    @Test
    void nothingIsLeftOfMany() {
        Eventually.isTrue("an engine stays", () -> {
            runOne(0);
            executeOne(0);
            return jrun("engine", "status").code() == 0;
        });
        // By the time that it has served, it has all descriptors that it needs.
        for (int number = 0; number < WARM; number++) {
            runOne(number);
            executeOne(number);
        }
        String descriptors = descriptors();
        for (int number = 0; number < TIMES; number++) {
            assertEquals(number % 100, runOne(number).code());
            assertEquals(number % 100, executeOne(number).code());
        }
        Eventually.isEqual("what there is", before, this::found);
        Eventually.isEqual("descriptors of the engine", descriptors, this::descriptors);
    }

    private Execution runOne(int number) {
        return podman.quietly(
                PodmanSession.withoutNetwork("run", "--rm", Podman.IMAGE, "sh", "-c", "exit " + number % 100));
    }

    private Execution executeOne(int number) {
        return podman.quietly("exec", NAME, "sh", "-c", "exit " + number % 100);
    }

    @Test
    void noContainerIsLostWithItsEngine() throws IOException {
        Path enough = scratch.resolve("enough");
        Execution.Started killer =
                Execution.started(machine.command("sh", "-c", KILLER, "sh", enough.toString()), Path.of("/dev/null"));
        int lost = 0;
        for (int number = 0; number < TIMES; number++) {
            lost += isMade(number, runOne(number)) ? 0 : 1;
            lost += isMade(number, executeOne(number)) ? 0 : 1;
        }
        Files.createFile(enough);
        int killed = killer.await().lines().size();
        System.out.printf(
                "soak: %d runs and execs by Podman, %d engines killed, %d calls lost and told%n",
                2 * TIMES, killed, lost);
        podman.awaits("true", "inspect", "--format", "{{.State.Running}}", NAME);
        assertEquals(0, executeOne(0).code());
        Eventually.isEqual("what there is", before, this::found);
    }

    /** Or else Podman says that its runtime was cut off. */
    private static boolean isMade(int number, Execution execution) {
        if (execution.code() == number % 100) {
            return true;
        }
        assertTrue(execution.errors().contains("engine"), execution::toString);
        return false;
    }
}
