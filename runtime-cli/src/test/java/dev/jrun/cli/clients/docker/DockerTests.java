// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.clients.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests with one Docker for all of a class. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DockerTests {

    private Machine machine;
    Path directory;
    DockerDaemon docker;

    /** One whose network is its own, with Docker. */
    abstract Machine open(Path scratch);

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        this.directory = directory;
        machine = open(directory);
        docker = DockerDaemon.start(machine, directory);
    }

    /** A test that failed must not disturb the next. */
    @AfterEach
    void removeContainers() {
        docker.removeContainers();
    }

    @AfterAll
    void nothingIsLeft() {
        try {
            if (docker != null) {
                docker.close();
            }
        } finally {
            if (machine != null) {
                machine.close();
            }
        }
    }

    /** What a user of jrun sees, and one of runc, too. */
    String sameAsWithRunc(Consumer<DockerSession> scenario) {
        String expected = played("runc", scenario);
        String found = played("jrun", scenario);
        assertEquals(expected, found);
        return found;
    }

    String played(String runtime, Consumer<DockerSession> scenario) {
        var session = new DockerSession(docker, runtime);
        scenario.accept(session);
        return session.transcript().toString();
    }
}
