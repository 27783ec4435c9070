// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts commands in one environment, until it is closed. What they print goes into a file, so that none can block. */
final class Commands {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private static final String BACKGROUND = "background.log";

    /** What a call that finds no engine leaves behind. */
    enum Engines {
        /** One for the benchmark's own, none for others: whether a call was served warm is seen by counting. */
        COUNTED,
        /** What it leaves for anybody. */
        AS_EVER
    }

    private final Path work;
    private final Engines engines;
    private boolean closed;

    /** The exit code and both outputs. */
    record Result(List<String> command, int exitCode, String output) {

        Result expect(int code) {
            if (exitCode != code) {
                throw new BenchmarkException(
                        "exit code %d, not %d, of %s%n%s".formatted(exitCode, code, String.join(" ", command), output));
            }
            return this;
        }
    }

    Commands(Path work, Engines engines) {
        this.work = work;
        this.engines = engines;
    }

    Result run(List<String> command) {
        return run(command, "");
    }

    /**
     * Runs a command to its end.
     *
     * @param input its standard input
     */
    Result run(List<String> command, String input) {
        try {
            Path output = Files.createTempFile(work, "output", "");
            Path inputFile = Files.writeString(Files.createTempFile(work, "input", ""), input);
            Process process = start(command, Duration.ZERO, inputFile, output);
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                throw new BenchmarkException(String.join(" ", command) + " does not end");
            }
            expectOpen();
            String text = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            Files.delete(inputFile);
            return new Result(command, process.exitValue(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new BenchmarkException.Interrupted();
        }
    }

    /** Starts a command that goes on by itself, an engine for as long as the benchmark takes. */
    Process start(List<String> command) {
        try {
            return start(command, LONGEST, Path.of("/dev/null"), work.resolve(BACKGROUND));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the commands that went on by themselves have printed. */
    String background() throws IOException {
        Path log = work.resolve(BACKGROUND);
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private synchronized Process start(List<String> command, Duration engineIdle, Path input, Path output)
            throws IOException {
        expectOpen();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        if (engines == Engines.COUNTED) {
            builder.environment().put("JRUN_ENGINE_IDLE", Long.toString(engineIdle.toSeconds()));
        }
        return builder.start();
    }

    private synchronized void expectOpen() {
        if (closed) {
            throw new BenchmarkException.Interrupted();
        }
    }

    /** Ends what runs, and starts nothing from now on. */
    synchronized void close() {
        closed = true;
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }
}
