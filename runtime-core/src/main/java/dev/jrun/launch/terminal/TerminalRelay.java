// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.terminal;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.FileStatus;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/**
 * What the shim does in the foreground: it passes the caller's input to the container's terminal, and that terminal's
 * output to the caller.
 *
 * <p>It must not wait for one stream while another has something to do. O_NONBLOCK belongs to what is opened, which the
 * caller's shell and others have open, too, so the caller's terminals and pipes are opened anew. Where that is not
 * possible (a terminal of another user), they are used as they are.
 */
public final class TerminalRelay {

    private static final String POINTER = "/process/terminal";
    private static final int INPUT = 0;
    private static final int OUTPUT = 1;

    private final Assembler asm;
    private final CallerTerminals caller;

    public TerminalRelay(Assembler asm, CallerTerminals caller) {
        this.asm = asm;
        this.caller = caller;
    }

    /** Relays until child {@code pid} has ended, and supervises it; {@code master} is closed then. */
    public void supervise(Register status, Operand pid, Register master) {
        try (var _ = asm.scope()) {
            Register input = asm.register("input");
            Register output = asm.register("output");
            asm.source(POINTER, "open the caller's streams so that nobody waits for them");
            openAnew(input, INPUT, OpenFlags.O_RDONLY);
            openAnew(output, OUTPUT, OpenFlags.O_WRONLY);
            asm.source(POINTER, "relay the terminal, and supervise its process");
            asm.call(Syscall.FCNTL, master, value(FileControl.F_SETFL), value(OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK));
            asm.relay(status, pid, master, input, output, value(caller.first()));
        }
    }

    private void openAnew(Register stream, int descriptor, long access) {
        Label itself = asm.label("as it is");
        asm.move(stream, value(-Errno.EBADF.number()));
        if (!caller.isTerminal(descriptor)) {
            unlessPipe(descriptor, itself);
        }
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        asm.string("/proc/self/fd/" + descriptor),
                        value(access | OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY | OpenFlags.O_CLOEXEC))
                .into(stream)
                .ignoreErrors();
        asm.place(itself);
        try (var _ = asm.when(stream, Condition.LESS, value(0), "opened anew")) {
            asm.move(stream, value(descriptor));
        }
    }

    private void unlessPipe(int descriptor, Label other) {
        try (var _ = asm.scope()) {
            Register type = asm.register("type");
            FileStatus status = new FileStatus(asm);
            status.of(value(descriptor));
            status.type(type);
            asm.branch(type, Condition.NOT_EQUAL, value(FileMode.S_IFIFO), other);
        }
    }
}
