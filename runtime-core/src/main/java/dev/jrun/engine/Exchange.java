// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.engine.CallHandler.Task;
import dev.jrun.kernel.Machine;
import dev.jrun.program.Program;
import dev.jrun.program.SessionBrokenException;
import java.util.concurrent.atomic.AtomicLong;

/** What the engine does for one shim, from its CALL to its end. */
final class Exchange {

    private static final byte[] NOTHING = {};

    private final String build;
    private final CallHandler handler;
    private final EngineControl control;
    private final AtomicLong calls = new AtomicLong();

    /** @param build the only one whose shims are served */
    Exchange(String build, CallHandler handler, EngineControl control) {
        this.build = build;
        this.handler = handler;
        this.control = control;
    }

    /**
     * Waits for the shim's call, {@link Call#decode}.
     *
     * @throws SessionBrokenException if it sends something else, or leaves
     */
    byte[] receive(Frames frames) throws SessionBrokenException {
        Frames.Frame frame = frames.read(Call.MAX_LENGTH);
        if (frame.type() != Frames.CALL) {
            throw new SessionBrokenException("a frame of type " + frame.type() + " in place of a call");
        }
        return frame.payload();
    }

    /** What the call asks for. If that cannot be found out, performing it says why. */
    Task understand(Call call) {
        try {
            return handler.understand(call);
        } catch (RuntimeException | Error e) {
            return (_, _) -> {
                throw e;
            };
        }
    }

    /**
     * Has the call done. Returns when the shim was told to end, or is lost.
     *
     * @return whether it was told to end; else it has gone, or undoes what it did when the connection closes
     */
    boolean perform(Call call, Task task, Frames frames) {
        try {
            if (build.equals(call.build())) {
                calls.incrementAndGet();
                return perform(task, ShimSession.awaiting(frames, Machine.host()));
            }
            refuse(frames);
        } catch (SessionBrokenException e) {
            // The shim has gone. What it was doing is to be found in the state directory.
        }
        return false;
    }

    /** How many calls were taken. */
    long calls() {
        return calls.get();
    }

    /** Tells the shim to start an engine of its own. */
    static void refuse(Frames frames) throws SessionBrokenException {
        frames.write(Frames.REFUSED, NOTHING);
    }

    private boolean perform(Task task, ShimSession session) throws SessionBrokenException {
        try {
            task.perform(session, control);
            return true;
        } catch (SessionBrokenException e) {
            throw e;
        } catch (Throwable e) {
            // Whatever is wrong with one call is that caller's to know, and nobody else's trouble. A shim in the
            // middle of a program sees the connection close, which has the program undo what it did.
            boolean awaitsProgram = session.awaitsProgram();
            if (awaitsProgram) {
                session.run(internalError(e));
            }
            return awaitsProgram;
        }
    }

    private static Program internalError(Throwable error) {
        var text = new StringBuilder("jrun: internal error: ").append(error).append('\n');
        for (StackTraceElement element : error.getStackTrace()) {
            text.append("    at ").append(element).append('\n');
        }
        var output = new OutputProgram();
        output.printError(text.toString());
        return output.program(1);
    }
}
