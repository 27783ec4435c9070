// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.terminal;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statfs;
import dev.jrun.kernel.Syscall;
import dev.jrun.kernel.Terminal;
import dev.jrun.launch.child.Message;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Struct;
import dev.jrun.spec.Process;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The terminal of a process, which makes it itself, in its own mount namespace, so that it is in the container's
 * devpts. Both sides are descriptors from the start, and nothing is looked up by the terminal's number, since its path
 * may lead to something else (CVE-2025-52565). pty(7), ioctl_tty(2).
 */
public final class PseudoTerminal {

    private static final String POINTER = "/process/terminal";
    private static final int STREAMS = 3;
    private static final int STANDARD_INPUT = 0;
    private static final int UNCHANGED = -1;
    private static final long UNLOCKED = 0;

    /** A devpts has no links, and its multiplexer is no place to mount anything on. */
    private static final long HERE =
            OpenFlags.RESOLVE_BENEATH | OpenFlags.RESOLVE_NO_SYMLINKS | OpenFlags.RESOLVE_NO_XDEV;

    private final Assembler asm;
    private final Process process;
    private final Console console;
    private final Address kept;

    public PseudoTerminal(Assembler asm, Process process, Console console) {
        this.asm = asm;
        this.process = process;
        this.console = console;
        this.kept = asm.space(Long.BYTES);
    }

    /**
     * Makes it: {@code slave =} the side that the process has, which stays open until {@link #becomeStreams}.
     *
     * @param directory where the container's devpts should be, and is closed
     * @param master gets the other side
     */
    public void make(Register directory, Register master, Register slave) {
        asm.source(POINTER, "make a terminal in /dev/pts, which must be a devpts");
        checkIsDevpts(directory);
        Address how = asm.bytes(Struct.ofLongs(OpenFlags.O_RDWR | OpenFlags.O_NOCTTY | OpenFlags.O_CLOEXEC, 0, HERE));
        asm.source(POINTER, "make a terminal in /dev/pts");
        asm.call(Syscall.OPENAT2, directory, asm.string("ptmx"), how, value(OpenFlags.OPEN_HOW_SIZE))
                .into(master)
                .retry();
        asm.call(Syscall.CLOSE, directory);
        request(master, Terminal.TIOCSPTLCK, asm.bytes(Struct.ofLongs(UNLOCKED)));
        request(master, Terminal.TIOCGPTPEER, value(OpenFlags.O_RDWR | OpenFlags.O_NOCTTY | OpenFlags.O_CLOEXEC))
                .into(slave);
        asm.store(Width.LONG, kept, slave);
        setSize(master);
        if (console.endsLinesAsWritten()) {
            endLinesAsWritten(slave);
        }
        give(slave);
    }

    private void checkIsDevpts(Register directory) {
        try (var _ = asm.scope()) {
            Register type = asm.register("type");
            Label right = asm.label("devpts");
            Address statfs = asm.space(Statfs.SIZE);
            asm.call(Syscall.FSTATFS, directory, statfs);
            asm.load(type, Width.LONG, statfs.plus(Statfs.TYPE));
            asm.branch(type, Condition.EQUAL, value(Statfs.DEVPTS_SUPER_MAGIC), right);
            asm.fail(Errno.ENODEV);
            asm.place(right);
        }
    }

    private void setSize(Register master) {
        if (console.size().isPresent()) {
            Process.ConsoleSize size = console.size().get();
            asm.source("/process/consoleSize", "give the terminal " + size.height() + " rows of " + size.width());
            request(master, Terminal.TIOCSWINSZ, asm.bytes(windowSize(size)));
        }
    }

    private void endLinesAsWritten(Register slave) {
        try (var _ = asm.scope()) {
            Register flags = asm.register("c_oflag");
            Address modes = asm.space(Terminal.TERMIOS_SIZE);
            asm.source(POINTER, "show lines as they are written to what is no terminal");
            request(slave, Terminal.TCGETS, modes);
            asm.load(flags, Width.INT, modes.plus(Terminal.OUTPUT_FLAGS));
            asm.compute(flags, flags, Operation.AND, value(~Terminal.ONLCR));
            asm.store(Width.INT, modes.plus(Terminal.OUTPUT_FLAGS), flags);
            request(slave, Terminal.TCSETS, modes);
        }
    }

    /** {@code struct winsize}, whose last two fields, in pixels, nobody uses. */
    private static byte[] windowSize(Process.ConsoleSize size) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) size.height())
                .putShort((short) size.width())
                .array();
    }

    /**
     * Its group stays the one that the devpts gives it ({@code gid=}). A devpts of the host's, in a user namespace,
     * cannot be given to anybody.
     */
    private void give(Register slave) {
        long uid = process.user().uid();
        asm.source("/process/user/uid", "give the terminal to user " + uid);
        asm.call(Syscall.FCHOWN, slave, value(uid), value(UNCHANGED)).ignore(Errno.EPERM, Errno.EINVAL, Errno.EROFS);
    }

    /** Hands {@code master} over, and lets go of it. */
    public void send(Register master, Message message, Register socket) {
        asm.source(POINTER, "hand over the terminal");
        message.sendDescriptor(socket, Message.KIND_TERMINAL, master);
        asm.call(Syscall.CLOSE, master);
    }

    /** Makes it the standard streams of this process, in place of what it had from its caller. */
    public void becomeStreams() {
        asm.source(POINTER, "make the terminal the standard streams");
        try (var _ = asm.scope()) {
            Register slave = asm.register("terminal");
            asm.load(slave, Width.LONG, kept);
            for (int stream = 0; stream < STREAMS; stream++) {
                asm.call(Syscall.DUP3, slave, value(stream), value(0));
            }
            asm.call(Syscall.CLOSE, slave);
        }
    }

    /**
     * Makes it the controlling terminal of this process, which leads a session and has it as {@linkplain #becomeStreams
     * streams}.
     */
    public void becomeControlling() {
        asm.source(POINTER, "make the terminal the controlling one");
        request(value(STANDARD_INPUT), Terminal.TIOCSCTTY, value(0));
    }

    private Assembler.Added request(Operand side, long request, Operand argument) {
        return asm.call(Syscall.IOCTL, side, value(request), argument);
    }
}
