// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.Poll;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.Announcement;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Messages that a launch appends to its caller's log when it has succeeded. By then signals go to the container, so
 * nobody could end a shim that waits for a reader. A log that does not take a message at once, or a service that does
 * not take it in time, does not get it: standard error says so, and the launch counts as successful.
 *
 * @param messages as the log is to have them
 */
public record LogAnnouncement(LogFile log, List<String> messages) implements Announcement {

    private static final int STANDARD_ERROR = 2;
    private static final Operand NONE = Operand.value(0);

    public LogAnnouncement {
        messages = List.copyOf(messages);
    }

    @Override
    public void assemble(Assembler assembler) {
        try (var _ = assembler.aside();
                var _ = assembler.scope()) {
            Register file = assembler.register("log");
            Label refused = assembler.label("the log does not take all");
            Label done = assembler.label("announced");
            assembler.source(Source.runtime("write warnings to the log file " + log.path()));
            assembler.move(file, Operand.value(-1));
            log.openAtOnce(assembler, file).onError(refused);
            for (String message : messages) {
                write(assembler, file, message).onError(refused);
            }
            assembler.call(Syscall.CLOSE, file).ignoreErrors();
            assembler.go(done);
            assembler.place(refused);
            assembler.call(Syscall.CLOSE, file).ignoreErrors();
            complain(assembler, done);
            assembler.place(done);
        }
    }

    /** One at a time: a socket gets each by itself, and a pipe no half of one (PIPE_BUF of pipe(7)). */
    private static Assembler.Added write(Assembler assembler, Operand target, String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        return assembler.call(Syscall.WRITE, target, assembler.bytes(bytes), Operand.value(bytes.length));
    }

    /** If standard error takes that without being waited for. */
    private void complain(Assembler assembler, Label done) {
        Register ready = assembler.register("standard error is ready");
        Address pollfd = assembler.space(Long.BYTES);
        assembler.store(Width.INT, pollfd, Operand.value(STANDARD_ERROR));
        assembler.store(Width.SHORT, pollfd.plus(Integer.BYTES), Operand.value(Poll.POLLOUT));
        assembler
                .call(
                        Syscall.PPOLL,
                        pollfd,
                        Operand.value(1),
                        assembler.bytes(Struct.ofLongs(0, 0)),
                        NONE,
                        Operand.value(Signal.SET_SIZE))
                .into(ready)
                .onError(done);
        assembler.branch(ready, Condition.EQUAL, NONE, done);
        write(assembler, Operand.value(STANDARD_ERROR), "jrun: cannot write to log file " + log.path() + "\n")
                .ignoreErrors();
    }
}
