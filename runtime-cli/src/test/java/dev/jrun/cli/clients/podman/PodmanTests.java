// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.clients.Machine;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests with one Podman for all of a class. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PodmanTests {

    @TempDir
    static Path scratch;

    /** What a user does. */
    interface Scenario {
        void play(PodmanSession session) throws IOException;
    }

    private Machine machine;
    Podman podman;

    /** One that has Podman, runc and busybox's commands. */
    abstract Machine open(Path scratch);

    @BeforeAll
    void openPodman() throws IOException {
        machine = open(scratch);
        podman = openOn(machine);
    }

    Podman openOn(Machine machine) throws IOException {
        return Podman.withCgroupfs(machine, scratch);
    }

    @AfterEach
    void nothingIsLeft() {
        podman.removeAll();
    }

    @AfterAll
    void close() {
        try {
            if (podman != null) {
                podman.close();
            }
        } finally {
            if (machine != null) {
                machine.close();
            }
        }
    }

    /** What a user of jrun sees, and one of runc, too. */
    String sameAsWithRunc(Scenario scenario) throws IOException {
        String expected = played("runc", scenario);
        String found = played("jrun", scenario);
        assertEquals(expected, found);
        return found;
    }

    String played(String runtime, Scenario scenario) throws IOException {
        var session = new PodmanSession(podman, runtime);
        scenario.play(session);
        return session.transcript().toString();
    }
}
