// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.CompleteWrite;
import dev.jrun.launch.part.SignalMask;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The last program of a call: writes the call's output to the caller's own descriptors and log file, and ends the shim.
 */
public final class OutputProgram {

    private static final Operand STANDARD_OUTPUT = Operand.value(1);
    private static final Operand STANDARD_ERROR = Operand.value(2);

    /** The exit code of a call that could not say what it had to say. */
    private static final int UNSAID = 1;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final List<byte[]> log = new ArrayList<>();
    private String logFile = "";

    /** Adds to standard output. */
    public void print(String text) {
        output.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds to standard error. */
    public void printError(String text) {
        errors.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Adds a message to a {@link LogFile}.
     *
     * @param path the log's
     */
    public void log(String path, String text) {
        logFile = path;
        log.add(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The program.
     *
     * @param code the shim's exit code, 0 to 255; it becomes 1 if it is 0 and not everything could be written
     */
    public Program program(int code) {
        return new Assembly(code).program();
    }

    /**
     * A program that writes a part of a long output, after which the shim awaits another one. It fails if that cannot
     * be written, and has said so on standard error.
     */
    public static Program part(byte[] bytes) {
        var output = new OutputProgram();
        output.output.writeBytes(bytes);
        return output.new Assembly(0).part();
    }

    /** A program that writes the same, after which the shim awaits another one. */
    public Program interlude() {
        return new Assembly(0).interlude();
    }

    private static byte[] together(List<byte[]> parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** One assembly of the program. */
    private final class Assembly {
        private final Assembler assembler = new Assembler();
        private final Register status = assembler.register("status");
        private final int code;

        Assembly(int code) {
            this.code = code;
        }

        Program program() {
            write();
            assembler.source(Source.runtime("end the call"));
            assembler.exit(status);
            return assembler.assemble();
        }

        Program interlude() {
            write();
            SignalMask.hold(assembler);
            assembler.end();
            return assembler.assemble();
        }

        Program part() {
            write();
            SignalMask.hold(assembler);
            assembler.source(Source.runtime("write to standard output"));
            try (var _ = assembler.when(status, Condition.NOT_EQUAL, Operand.value(0), "all written")) {
                assembler.fail(Errno.EIO);
            }
            assembler.end();
            return assembler.assemble();
        }

        private void write() {
            assembler.move(status, Operand.value(code));
            if (log.isEmpty() && errors.size() + output.size() == 0) {
                return;
            }
            assembler.source(Source.runtime("let signals end the shim where nobody reads"));
            SignalMask.letEnd(assembler);
            appendToLog();
            write(STANDARD_ERROR, errors.toByteArray(), "write to standard error", "");
            write(STANDARD_OUTPUT, output.toByteArray(), "write to standard output", "standard output");
        }

        private void appendToLog() {
            if (log.isEmpty()) {
                return;
            }
            assembler.source(Source.runtime("open the log file " + logFile));
            Register file = assembler.register("log");
            Label cannotOpen = assembler.label("cannot open the log file");
            Label logged = assembler.label("logged");
            LogFile target = new LogFile(logFile);
            target.open(assembler, file).onError(cannotOpen);
            if (target.isSocket()) {
                for (byte[] message : log) {
                    send(file, message);
                }
            } else {
                write(file, together(log), "write to the log file", "log file " + logFile);
            }
            assembler.call(Syscall.CLOSE, file).ignoreErrors();
            assembler.go(logged);
            assembler.place(cannotOpen);
            unsaid("cannot open the log file " + logFile);
            assembler.place(logged);
        }

        /** All of it or, where nobody reads for a while, nothing. */
        private void send(Operand socket, byte[] message) {
            assembler.source(Source.runtime("write to the log file"));
            Label failed = assembler.label("not sent");
            Label done = assembler.label("sent");
            assembler
                    .call(Syscall.WRITE, socket, assembler.bytes(message), Operand.value(message.length))
                    .onError(failed);
            assembler.go(done);
            assembler.place(failed);
            unsaid("cannot write to log file " + logFile);
            assembler.place(done);
        }

        /**
         * Writes all of {@code bytes}.
         *
         * @param name what standard error shall call the target if that fails; empty: it is standard error itself
         */
        private void write(Operand target, byte[] bytes, String intent, String name) {
            if (bytes.length == 0) {
                return;
            }
            assembler.source(Source.runtime(intent));
            Label failed = assembler.label("write failed");
            Label done = assembler.label("done");
            assembler.onFail(failed);
            CompleteWrite.assemble(assembler, target, bytes);
            assembler.onFailEnd();
            assembler.go(done);
            assembler.place(failed);
            if (name.isEmpty()) {
                giveUp();
            } else {
                unsaid("cannot write to " + name);
            }
            assembler.place(done);
        }

        /** Says on standard error that something could not be said elsewhere. */
        private void unsaid(String message) {
            byte[] line = ("jrun: " + message + "\n").getBytes(StandardCharsets.UTF_8);
            assembler
                    .call(Syscall.WRITE, STANDARD_ERROR, assembler.bytes(line), Operand.value(line.length))
                    .ignoreErrors();
            giveUp();
        }

        private void giveUp() {
            if (code == 0) {
                assembler.move(status, Operand.value(UNSAID));
            }
        }
    }
}
