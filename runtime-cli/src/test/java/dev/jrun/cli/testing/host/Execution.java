// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command that has ended.
 *
 * @param code its exit code, 128 + n if signal n ended it
 */
public record Execution(List<String> command, int code, String output, String errors) {

    private static final long LIMIT_SECONDS = 60;

    /**
     * Runs a command without input. Its output goes to files, since a pipe would stay open as long as a detached
     * container has it.
     */
    public static Execution of(ProcessBuilder builder) {
        return started(builder, Path.of("/dev/null")).await();
    }

    public static Started started(ProcessBuilder builder, Path input) {
        try {
            Path output = Files.createTempFile("jrun-it", ".out");
            Path errors = Files.createTempFile("jrun-it", ".err");
            Process process = builder.redirectInput(input.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            return new Started(builder.command(), process, output, errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A command that may still run. */
    public record Started(List<String> command, Process process, Path output, Path errors) {

        public long pid() {
            return process.pid();
        }

        public String outputSoFar() {
            return read(output);
        }

        public Execution await() {
            return await(LIMIT_SECONDS);
        }

        public Execution await(long seconds) {
            try {
                if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new AssertionError(command + " did not end: " + read(output) + read(errors));
                }
                var execution = new Execution(command, process.exitValue(), read(output), read(errors));
                Files.delete(output);
                Files.delete(errors);
                return execution;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private static String read(Path file) {
            try {
                return new String(Files.readAllBytes(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public Execution succeeds() {
        assertEquals(0, code, this::toString);
        return this;
    }

    /** It ended with exit code 1 and an error that contains all {@code phrases}. */
    public Execution failsWith(String... phrases) {
        assertEquals(1, code, this::toString);
        for (String phrase : phrases) {
            assertTrue(errors.contains(phrase), () -> "no \"" + phrase + "\" in " + this);
        }
        return this;
    }

    public List<String> lines() {
        return output.lines().toList();
    }
}
