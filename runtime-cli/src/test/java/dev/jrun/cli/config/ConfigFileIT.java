// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.config;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A config.json that is not a file: it is refused, and nobody notices that it was looked at. */
class ConfigFileIT extends RealContainers {

    private static final String REFUSAL = "config.json, a FIFO, a socket or a device and not a regular file";

    @ParameterizedTest
    @ValueSource(strings = {"validate", "explain", "create", "run"})
    void aFifoGetsNoReader(String command) throws IOException {
        Bundle bundle = sandbox.bundle();
        Path config = replaced(bundle);
        Programs.run("mkfifo", config.toString());
        Path opened = directory.resolve("opened");
        // What opens a FIFO to write waits until somebody opens it to read.
        Execution.Started writer = Execution.started(
                new ProcessBuilder("sh", "-c", "echo waits; exec 3> '%s'; echo > '%s'".formatted(config, opened)),
                Path.of("/dev/null"));
        Eventually.isEqual("what the writer says", "waits\n", writer::outputSoFar);

        call(command, bundle).failsWith(REFUSAL);

        assertTrue(writer.process().isAlive() && !Files.exists(opened), "the writer waits still");
        Programs.run("sh", "-c", ": < " + config);
        writer.await().succeeds();
        sandbox.assertNothingIsLeft();
    }

    /** Opening one without a driver says ENXIO; who only looks at it sees what it is. */
    @Test
    void aDeviceIsNotOpened() throws IOException {
        Bundle bundle = sandbox.bundle();
        Path config = replaced(bundle);
        Execution made = Execution.of(new ProcessBuilder("mknod", config.toString(), "c", "240", "77"));
        Programs.skipUnless(made.code() == 0, "no device file can be made here");

        call("run", bundle).failsWith(REFUSAL);
    }

    @Test
    void aLinkToAFileIsAsGoodAsTheFile() throws IOException {
        Bundle bundle = sandbox.bundle().runs("true");
        Path config = bundle.directory().resolve("config.json");
        Files.move(config, directory.resolve("elsewhere.json"));
        Files.createSymbolicLink(config, directory.resolve("elsewhere.json"));

        call("run", bundle).succeeds();
    }

    private static Path replaced(Bundle bundle) throws IOException {
        Path config = bundle.directory().resolve("config.json");
        Files.delete(config);
        return config;
    }

    private Execution call(String command, Bundle bundle) {
        return command.equals("validate") || command.equals("explain")
                ? jrun.call(command, "--bundle", bundle.path())
                : jrun.call(command, "--bundle", bundle.path(), sandbox.newId());
    }
}
