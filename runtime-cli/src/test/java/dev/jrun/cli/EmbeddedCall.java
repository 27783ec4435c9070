// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.cli.testing.embedded.TestHost;
import dev.jrun.embedding.shim.ShimProcess;
import dev.jrun.engine.Call;
import dev.jrun.engine.EngineControl;
import dev.jrun.engine.EngineStatus;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.program.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command line in this JVM, with a real shim whose conversation a test can change. */
public final class EmbeddedCall {

    private final Cli cli = new Cli();
    private final Path output;
    private final Map<String, String> environment;

    /** @param scratch for the output of calls */
    public EmbeddedCall(Path scratch) {
        this(scratch, Map.of());
    }

    /** @param environment of each call */
    public EmbeddedCall(Path scratch, Map<String, String> environment) {
        this.output = scratch.resolve("output");
        this.environment = environment;
    }

    /**
     * What came of a call.
     *
     * @param code the shim's exit code
     * @param output its standard output and error
     */
    public record Result(int code, String output) {}

    /** What a test does to the conversation. */
    @FunctionalInterface
    public interface Change {
        /** The session that the command line is to use in place of the shim's own. */
        Session apply(ShimProcess shim, Session session);
    }

    public Result make(List<String> arguments) throws IOException {
        return make(arguments, (shim, session) -> session);
    }

    /**
     * Makes a call.
     *
     * @param change what the session throws ends the call as the end of its engine would: its socket closes, and
     *     nothing else
     */
    public Result make(List<String> arguments, Change change) throws IOException {
        return make(arguments, change, streams -> ShimProcess.start(TestHost.HOME, streams));
    }

    /** Makes a call likewise; its shim makes it with an engine if the session ends before anything was changed. */
    public Result makeUntilDone(List<String> arguments, Change change) throws IOException {
        return make(arguments, change, streams -> ShimProcess.startForCall(TestHost.HOME, streams, arguments));
    }

    @FunctionalInterface
    private interface ShimStart {
        ShimProcess with(ShimProcess.Streams streams) throws IOException;
    }

    private Result make(List<String> arguments, Change change, ShimStart start) throws IOException {
        int none = LinuxCalls.open(Path.of("/dev/null"), OpenFlags.O_RDONLY, 0);
        Files.deleteIfExists(output);
        int file = LinuxCalls.open(output, OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 0600);
        try {
            ShimProcess shim = start.with(new ShimProcess.Streams(none, file, file));
            try (shim) {
                perform(shim, arguments, change.apply(shim, shim));
            }
            return new Result(shim.awaitExit(), Files.readString(output));
        } finally {
            LinuxCalls.close(file);
            LinuxCalls.close(none);
        }
    }

    private void perform(ShimProcess shim, List<String> arguments, Session session) {
        var call = new Call(shim.pid(), 022, 0, 0, 0, shim.caller().home(), "", "/", arguments, environment);
        try {
            cli.understand(call).perform(session, new NoEngine());
        } catch (IOException | EngineDeath e) {
            // As in an engine: the connection is closed, and the shim is left to itself.
        }
    }

    /** Thrown by a session: the end of an engine, of which nothing goes on. */
    public static final class EngineDeath extends Error {
        private static final long serialVersionUID = 1;
    }

    private static final class NoEngine implements EngineControl {
        @Override
        public Optional<EngineStatus> status() {
            return Optional.empty();
        }

        @Override
        public void stop() {
            throw new UnsupportedOperationException();
        }
    }
}
