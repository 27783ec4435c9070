// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.notify;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Poll;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.kernel.WaitFlags;
import dev.jrun.launch.child.Lifeline;
import dev.jrun.launch.part.InterruptibleWait;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;

/**
 * Waits until a container says that it is ready, or has ended, and tells the service manager. Failures on the way are
 * ignored: the container runs already, and its manager has a time limit of its own.
 */
public final class ReadyWait {

    private static final Source REASON = Source.runtime("wait until the container is ready, for the service manager");

    private static final long EVERY_SIGNAL = ~0L;

    /** {@code struct signalfd_siginfo}. */
    private static final int SIGNAL_SIZE = 128;

    private static final int SIGNAL_CODE = 8;
    private static final int SIGNAL_SENDER = 12;

    /** {@code siginfo_t}, sigaction(2). */
    private static final int INFO_SIZE = 128;

    private static final int INFO_PID = 16;

    private final Assembler asm;
    private final ServiceManager manager;

    public ReadyWait(Assembler asm, ServiceManager manager) {
        this.asm = asm;
        this.manager = manager;
    }

    /**
     * Waits before this process ends. SIGHUP, SIGINT, SIGQUIT and SIGTERM end it.
     *
     * @param socket where the container says it
     * @param process a pidfd of its first process
     * @param main what the manager is to take for the service's first process
     */
    public void await(Operand socket, Operand process, Operand main) {
        try (var _ = asm.scope()) {
            Label ready = asm.label("ready");
            Label over = asm.label("not ready any more");
            asm.source(REASON);
            awaitMessages(socket, process, InterruptibleWait.blockedSignals(asm), ready, over);
            asm.place(ready);
            new ManagerMessages(asm, manager).tellReadyAndAwait(main);
            asm.place(over);
        }
    }

    private void awaitMessages(Operand socket, Operand process, Operand blocked, Label ready, Label over) {
        ReadyMessages messages = new ReadyMessages(asm);
        Address polled = asm.bytes(Struct.ofInts(0, Poll.POLLIN, 0, Poll.POLLIN));
        poll(polled, socket, process);
        try (var _ = asm.loop("wait for a message", "over")) {
            asm.call(Syscall.PPOLL, polled, value(2), value(0), blocked, value(Signal.SET_SIZE));
            take(messages, socket, polled, ready, over);
        }
    }

    /** The socket first, then the process. */
    private void poll(Address polled, Operand socket, Operand process) {
        asm.store(Width.INT, polled, socket);
        asm.store(Width.INT, polled.plus(Poll.SIZE), process);
    }

    private void take(ReadyMessages messages, Operand socket, Address polled, Label ready, Label over) {
        try (var _ = asm.scope()) {
            Register events = asm.register("events");
            messages.take(socket, ready, over);
            asm.load(events, Width.SHORT, polled.plus(Poll.SIZE + Poll.REVENTS));
            asm.branch(events, Condition.NOT_EQUAL, value(0), over);
        }
    }

    /**
     * Waits and sends signals on to child {@code pid} meanwhile, as SUPERVISE does. The manager takes this process for
     * the service's first one.
     *
     * @param failed where failures go to afterwards
     */
    public void awaitSupervising(Register socket, Operand pid, Label failed) {
        try (var _ = asm.scope()) {
            Register process = asm.register("pidfd");
            Register signals = asm.register("signals");
            Register self = asm.register("self");
            Label ready = asm.label("ready");
            Label over = asm.label("ready, or ended");
            asm.source(REASON);
            asm.move(signals, value(-Errno.EBADF.number()));
            asm.move(process, value(-Errno.EBADF.number()));
            asm.onFail(over);
            asm.call(Syscall.GETPID).into(self);
            asm.call(Syscall.PIDFD_OPEN, pid, value(0)).into(process);
            asm.call(
                            Syscall.SIGNALFD4,
                            value(-1),
                            asm.bytes(Struct.ofLongs(EVERY_SIGNAL)),
                            value(Signal.SET_SIZE),
                            value(OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK))
                    .into(signals);
            awaitMessagesAndSignals(socket, process, signals, self, pid, ready, over);
            asm.place(ready);
            new ManagerMessages(asm, manager).tellReady(self);
            asm.place(over);
            asm.onFail(failed);
            asm.call(Syscall.CLOSE, signals).ignoreErrors();
            asm.call(Syscall.CLOSE, process).ignoreErrors();
            asm.call(Syscall.CLOSE, socket).ignoreErrors();
        }
    }

    private void awaitMessagesAndSignals(
            Register socket, Register process, Register signals, Register self, Operand pid, Label ready, Label over) {
        ReadyMessages messages = new ReadyMessages(asm);
        Address polled = asm.bytes(Struct.ofInts(0, Poll.POLLIN, 0, Poll.POLLIN, 0, Poll.POLLIN));
        poll(polled, socket, process);
        asm.store(Width.INT, polled.plus(2 * Poll.SIZE), signals);
        try (var _ = asm.loop("wait for a message", "over")) {
            asm.call(Syscall.PPOLL, polled, value(3), value(0), value(0), value(0));
            take(messages, socket, polled, ready, over);
            sendOn(signals, self, pid);
        }
    }

    /**
     * But for what this process sent to itself (SIGPIPE, by a write), and the end of children, which are its own to
     * wait for.
     */
    private void sendOn(Register signals, Register self, Operand pid) {
        try (var _ = asm.scope()) {
            Register length = asm.register("length");
            Register signal = asm.register("signal");
            Register code = asm.register("code");
            Register sender = asm.register("sender");
            Address info = asm.space(SIGNAL_SIZE);
            Label ours = asm.label("nobody else's");
            Label children = asm.label("children have ended");
            asm.call(Syscall.READ, signals, info, value(SIGNAL_SIZE))
                    .into(length)
                    .onError(ours);
            asm.load(signal, Width.INT, info);
            asm.load(code, Width.INT, info.plus(SIGNAL_CODE));
            asm.load(sender, Width.INT, info.plus(SIGNAL_SENDER));
            asm.branch(signal, Condition.EQUAL, value(Signal.CHLD.number()), children);
            try (var _ = asm.when(code, Condition.EQUAL, value(0), "not by kill(2)")) {
                asm.branch(sender, Condition.EQUAL, self, ours);
            }
            asm.call(Syscall.KILL, pid, signal).ignoreErrors();
            asm.go(ours);
            asm.place(children);
            reapOrphans(pid);
            asm.place(ours);
        }
    }

    /**
     * Waits for all children that have ended but the container's first process, whose end is SUPERVISE's to see.
     * waitid(2).
     */
    private void reapOrphans(Operand init) {
        try (var _ = asm.scope()) {
            Register ended = asm.register("ended");
            Address info = asm.space(INFO_SIZE);
            Label over = asm.label("none is left to be waited for");
            try (var reaping = asm.loop("next child", "no child")) {
                asm.store(Width.INT, info.plus(INFO_PID), value(0));
                asm.call(
                                Syscall.WAITID,
                                value(WaitFlags.P_ALL),
                                value(0),
                                info,
                                value(WaitFlags.WEXITED | WaitFlags.WNOHANG | WaitFlags.WNOWAIT),
                                value(0))
                        .onError(over);
                asm.load(ended, Width.INT, info.plus(INFO_PID));
                reaping.leaveIf(ended, Condition.EQUAL, value(0));
                reaping.leaveIf(ended, Condition.EQUAL, init);
                asm.call(Syscall.WAIT4, ended, value(0), value(WaitFlags.WNOHANG), value(0))
                        .ignoreErrors();
            }
            asm.place(over);
        }
    }

    /**
     * Has a process beside this one wait, which has something else to do: to relay a terminal. It ends with this
     * process, whose name it says it in; a manager believes it another name only if this user may use it.
     *
     * @param terminal where the descriptor of the terminal is, which hangs up when the last one of it is closed
     * @param failed where failures go to afterwards
     */
    public void awaitBeside(Register socket, Operand pid, Address terminal, Label failed) {
        try (var _ = asm.scope()) {
            Register process = asm.register("pidfd");
            Register self = asm.register("self");
            Register child = asm.register("child");
            Label over = asm.label("somebody waits, or nobody");
            asm.source(REASON);
            asm.move(process, value(-Errno.EBADF.number()));
            asm.onFail(over);
            asm.call(Syscall.GETPID).into(self);
            asm.call(Syscall.PIDFD_OPEN, pid, value(0)).into(process);
            asm.call(Syscall.CLONE, value(Signal.CHLD.number()), value(0)).into(child);
            try (var _ = asm.when(child, Condition.EQUAL, value(0), "in the shim")) {
                tellBeside(socket, process, terminal, self);
            }
            asm.place(over);
            asm.onFail(failed);
            asm.call(Syscall.CLOSE, process).ignoreErrors();
            asm.call(Syscall.CLOSE, socket).ignoreErrors();
        }
    }

    private void close(Address terminal) {
        try (var _ = asm.scope()) {
            Register descriptor = asm.register("terminal");
            asm.load(descriptor, Width.LONG, terminal);
            asm.call(Syscall.CLOSE, descriptor);
        }
    }

    private void tellBeside(Register socket, Register process, Address terminal, Register parent) {
        try (var _ = asm.scope()) {
            Label ready = asm.label("ready");
            Label over = asm.label("over");
            asm.onFail(over);
            Lifeline.tieToParent(asm, parent, over);
            asm.call(Syscall.CLOSE, Register.SESSION);
            close(terminal);
            awaitMessages(socket, process, asm.bytes(Struct.ofLongs(EVERY_SIGNAL)), ready, over);
            asm.place(ready);
            new ManagerMessages(asm, manager).tellReadyAs(parent);
            asm.place(over);
            asm.exit(0);
        }
    }
}
