// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.SignalMask;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The last program of a call: writes what the call has to say to the caller's own descriptors and log file, and ends
 * the shim.
 */
public final class OutputProgram {

    private static final Operand STANDARD_OUTPUT = Operand.value(1);
    private static final Operand STANDARD_ERROR = Operand.value(2);
    private static final Operand ZERO = Operand.value(0);

    /** The exit code of a call that could not say what it had to say. */
    private static final int UNSAID = 1;

    /** poll(2): there is room to write. */
    private static final int POLLOUT = 4;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
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
     * Adds to a {@link LogFile}.
     *
     * @param path absolute, or relative to the caller's working directory
     */
    public void log(String path, String text) {
        logFile = path;
        log.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The program.
     *
     * @param code the shim's exit code, 0 to 255; it becomes 1 if it is 0 and not everything could be written
     */
    public Program program(int code) {
        return new Assembly(code).program();
    }

    /** A program that writes the same, after which the shim awaits another one. */
    public Program interlude() {
        return new Assembly(0).interlude();
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

        private void write() {
            assembler.move(status, Operand.value(code));
            if (log.size() + errors.size() + output.size() == 0) {
                return;
            }
            assembler.source(Source.runtime("let signals end the shim where nobody reads"));
            SignalMask.letEnd(assembler);
            appendToLog();
            write(STANDARD_ERROR, errors.toByteArray(), "write to standard error", "");
            write(STANDARD_OUTPUT, output.toByteArray(), "write to standard output", "standard output");
        }

        private void appendToLog() {
            if (log.size() == 0) {
                return;
            }
            assembler.source(Source.runtime("open the log file " + logFile));
            Register file = assembler.register("log");
            Label cannotOpen = assembler.label("cannot open the log file");
            Label logged = assembler.label("logged");
            new LogFile(logFile).open(assembler, file).onError(cannotOpen);
            write(file, log.toByteArray(), "write to the log file", "log file " + logFile);
            assembler.call(Syscall.CLOSE, file).ignoreErrors();
            assembler.go(logged);
            assembler.place(cannotOpen);
            unsaid("cannot open the log file " + logFile);
            assembler.place(logged);
        }

        /**
         * Writes all of {@code bytes}, also in small pieces and to a descriptor that does not block.
         *
         * @param name what standard error shall call the target if that fails; empty: it is standard error itself
         */
        private void write(Operand target, byte[] bytes, String intent, String name) {
            if (bytes.length == 0) {
                return;
            }
            assembler.source(Source.runtime(intent));
            try (var _ = assembler.scope()) {
                Register place = assembler.register("place");
                Register rest = assembler.register("rest");
                Register written = assembler.register("written");
                Label next = assembler.label("write");
                Label failed = assembler.label("write failed");
                Label full = assembler.label("no room");
                Label done = assembler.label("written");
                assembler.move(place, assembler.bytes(bytes));
                assembler.move(rest, Operand.value(bytes.length));
                assembler.place(next);
                assembler.call(Syscall.WRITE, target, place, rest).into(written).onError(failed);
                assembler.compute(place, place, Operation.ADD, written);
                assembler.compute(rest, rest, Operation.SUBTRACT, written);
                assembler.branch(rest, Condition.NOT_EQUAL, ZERO, next);
                assembler.go(done);

                assembler.place(failed);
                assembler.branch(written, Condition.EQUAL, Operand.value(-Errno.EINTR.number()), next);
                assembler.branch(written, Condition.EQUAL, Operand.value(-Errno.EAGAIN.number()), full);
                if (name.isEmpty()) {
                    giveUp();
                } else {
                    unsaid("cannot write to " + name);
                }
                assembler.go(done);

                assembler.place(full);
                waitForRoom(target);
                assembler.go(next);
                assembler.place(done);
            }
        }

        private void waitForRoom(Operand target) {
            Address pollfd = assembler.space(Long.BYTES);
            assembler.store(Width.INT, pollfd, target);
            assembler.store(Width.SHORT, pollfd.plus(Integer.BYTES), Operand.value(POLLOUT));
            assembler
                    .call(Syscall.PPOLL, pollfd, Operand.value(1), ZERO, ZERO, ZERO)
                    .ignoreErrors();
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
