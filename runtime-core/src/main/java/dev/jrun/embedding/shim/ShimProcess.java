// SPDX-License-Identifier: Apache-2.0
package dev.jrun.embedding.shim;

import dev.jrun.engine.ForwardingSession;
import dev.jrun.engine.OutputProgram;
import dev.jrun.engine.ShimSession;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.kernel.call.LinuxSocket;
import dev.jrun.kernel.call.LinuxSpawn;
import dev.jrun.launch.Caller;
import dev.jrun.launch.terminal.CallerTerminals;
import dev.jrun.program.Report;
import dev.jrun.program.SessionBrokenException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A shim that this Java program starts itself and drives without an engine. Everything that a container inherits of its
 * caller, it inherits of this JVM, but for the environment.
 *
 * <p>One shim serves one operation of {@code dev.jrun.container}: those that make a container end their shim when they
 * succeed, and {@link #end} ends it after all others. Closing a session midway has the shim take back what it did.
 *
 * <p>For use by one thread at a time.
 */
public final class ShimProcess extends ForwardingSession implements AutoCloseable {

    /** jrun-session gets the session's descriptor by its number; any but 0, 1 and 2. */
    private static final int SESSION = 3;

    /** It has no engine for a child. */
    private static final String NO_ENGINE = "0";

    /** Any may be ignored: what started this JVM is not known. */
    private static final String ANY_SIGNAL = Long.toUnsignedString(-1);

    private final int pid;
    private final Path home;
    private final LinuxSocket socket;
    private boolean reaped;
    private int exitCode;

    private ShimProcess(int pid, Path home, LinuxSocket socket) {
        super(ShimSession.ofOwnShim(socket));
        this.pid = pid;
        this.home = home;
        this.socket = socket;
    }

    /**
     * Descriptors of this JVM that become the shim's, and the container's, standard input, output and error.
     *
     * @param output not 0
     * @param error not 0 or 1, unless it is {@code output} too and that is 1
     */
    public record Streams(int input, int output, int error) {
        /** This JVM's own. */
        public static final Streams OWN = new Streams(0, 1, 2);
    }

    /**
     * Starts a shim; it awaits its first program.
     *
     * @param home the root of a jrun distribution, such as {@code /usr/local/lib/jrun}
     * @throws IOException if it cannot be started
     */
    public static ShimProcess start(Path home, Streams streams) throws IOException {
        // Without a home it does not make a call when this JVM goes, as the shim of a command line would.
        return start(home, streams, List.of(""));
    }

    /**
     * Starts a shim likewise, as that of a command line: if this JVM goes before anything was changed, it makes its
     * call with an engine.
     *
     * @param arguments of the call, without the program's name
     * @throws IOException if it cannot be started
     */
    public static ShimProcess startForCall(Path home, Streams streams, List<String> arguments) throws IOException {
        List<String> call = new ArrayList<>(arguments);
        call.addFirst(home.toString());
        return start(home, streams, call);
    }

    private static ShimProcess start(Path home, Streams streams, List<String> call) throws IOException {
        List<String> words = new ArrayList<>(List.of("jrun-session", Integer.toString(SESSION), NO_ENGINE, ANY_SIGNAL));
        words.addAll(call);
        LinuxCalls.SocketPair pair = LinuxCalls.socketpair();
        var socket = new LinuxSocket(pair.first());
        try {
            int pid = new LinuxSpawn(
                            home.resolve("bin/jrun"),
                            words,
                            List.of(),
                            List.of(
                                    new LinuxSpawn.Inherited(streams.input(), 0),
                                    new LinuxSpawn.Inherited(streams.output(), 1),
                                    new LinuxSpawn.Inherited(streams.error(), 2),
                                    new LinuxSpawn.Inherited(pair.second(), SESSION)))
                    .start();
            return await(new ShimProcess(pid, home, socket));
        } catch (LinuxException e) {
            socket.close();
            throw e;
        } finally {
            LinuxCalls.close(pair.second());
        }
    }

    private static ShimProcess await(ShimProcess shim) throws IOException {
        try {
            Report report = shim.await();
            if (report instanceof Report.Ready) {
                return shim;
            }
            throw new SessionBrokenException("the shim begins with " + report);
        } catch (SessionBrokenException e) {
            shim.close();
            throw e;
        }
    }

    /** The shim's process id. */
    public int pid() {
        return pid;
    }

    /** What an operation that makes a container has to know of the shim. */
    public Caller caller() {
        return new Caller(home.toString(), List.of(), List.of(), CallerTerminals.NONE);
    }

    /** Ends a shim that awaits a program, with exit code 0. */
    public void end() throws SessionBrokenException {
        end(0);
    }

    /**
     * Ends a shim that awaits a program.
     *
     * @param code its exit code, 0 to 255
     */
    public void end(int code) throws SessionBrokenException {
        run(new OutputProgram().program(code));
    }

    /**
     * Waits until the shim has ended. Blocks the thread.
     *
     * @return its exit code, 128 + n if signal n ended it; that of the container after {@code Run} in the foreground
     */
    public int awaitExit() throws LinuxException {
        if (!reaped) {
            exitCode = LinuxCalls.waitFor(pid).exitCode();
            reaped = true;
        }
        return exitCode;
    }

    /**
     * Ends the session, if it has not ended, and waits until the shim has taken back what was not complete, and ended.
     */
    @Override
    public void close() throws LinuxException {
        socket.close();
        awaitExit();
    }
}
