// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.hook;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.CloneFlags;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Poll;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.child.KeptDescriptors;
import dev.jrun.launch.child.Lifeline;
import dev.jrun.launch.part.SignalMask;
import dev.jrun.launch.part.StateSubject;
import dev.jrun.launch.part.StateText;
import dev.jrun.launch.process.InheritedEnvironment;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Struct;
import dev.jrun.spec.Hook;
import java.util.List;

/**
 * Runs hooks of one moment one after the other, each in a child of this process, and waits for them. A hook that fails
 * is a failure of the program: its error number says how the hook ended ({@link HookEnd}), and a register leads to its
 * last words.
 *
 * <p>A hook is in a session of its own, so that a timeout ends all of it, and dies with the process that waits for it.
 */
final class HookRun {

    private static final int COUNTER_SIZE = 8;

    private final Assembler asm;
    private final HookPoint point;
    private final HookPlace place;
    private final InheritedEnvironment environment;
    private final int preserved;
    private final HookInput input;
    private final HookOutput output;
    private final Register words;
    private final Register failure;

    /**
     * @param environment of hooks that name none
     * @param preserved how many descriptors from 3 on this process has that hooks are not to have
     * @param words where hooks' last words are to be found when one failed
     */
    HookRun(
            Assembler asm,
            StateSubject container,
            HookPoint point,
            HookPlace place,
            InheritedEnvironment environment,
            int preserved,
            HookOutput output,
            Register words) {
        this.asm = asm;
        this.point = point;
        this.place = place;
        this.environment = environment;
        this.preserved = preserved;
        this.input = new HookInput(asm, StateText.of(container, point.status()));
        this.output = output;
        this.words = words;
        this.failure = asm.register("failure");
    }

    /** Makes what all hooks use, for a container whose init has this pid. */
    void open(Operand pid) {
        asm.source(point.pointer(0), "make the state that hooks read");
        input.make(pid);
        openRest();
    }

    /** Makes what all hooks use, for a container that has ended. */
    void open() {
        asm.source(point.pointer(0), "make the state that hooks read");
        input.make();
        openRest();
    }

    private void openRest() {
        output.make();
        asm.call(Syscall.EVENTFD2, value(0), value(OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK))
                .into(failure);
    }

    void close() {
        asm.source(point.pointer(0), "forget the state that hooks read");
        input.close();
        output.close();
        asm.call(Syscall.CLOSE, failure);
    }

    /** Runs them all. */
    void all(List<Hook> hooks) {
        for (int i = 0; i < hooks.size(); i++) {
            run(i, hooks.get(i));
        }
    }

    void run(int index, Hook hook) {
        try (var _ = asm.scope()) {
            Register parent = asm.register("parent");
            Register child = asm.register("hook");
            Register process = asm.register("hook's process");
            Label done = asm.label("the hook is done");
            Address descriptor = asm.space(Integer.BYTES);
            asm.source(point.pointer(index), "hook " + hook.path());
            input.rewind();
            output.begin();
            asm.call(Syscall.GETPID).into(parent);
            asm.call(
                            Syscall.CLONE,
                            value(CloneFlags.CLONE_PIDFD | Signal.CHLD.number()),
                            value(0),
                            descriptor,
                            value(0),
                            value(0))
                    .into(child);
            try (var _ = asm.when(child, Condition.NOT_EQUAL, value(0), "in the hook")) {
                asm.load(process, Width.INT, descriptor);
                await(hook, index, child, process, done);
            }
            asm.source(point.pointer(index), "hook " + hook.path());
            become(hook, parent);
            asm.place(done);
        }
    }

    private void await(Hook hook, int index, Register child, Register process, Label done) {
        try (var _ = asm.scope()) {
            Register ready = asm.register("ready");
            Register status = asm.register("hook's status");
            Label timedOut = asm.label("timed out");
            Address ended = asm.space(Integer.BYTES);
            Address poll = asm.bytes(Struct.ofInts(0, Poll.POLLIN));
            asm.store(Width.INT, poll, process);
            // The kernel leaves in it what remains of it, which is right for another try.
            Operand timeout = hook.timeout().isPresent()
                    ? asm.bytes(Struct.ofLongs(hook.timeout().getAsLong(), 0))
                    : value(0);
            asm.call(Syscall.PPOLL, poll, value(1), timeout, place.blockedSignals(asm), value(Signal.SET_SIZE))
                    .into(ready)
                    .retry();
            asm.call(Syscall.CLOSE, process);
            if (hook.timeout().isPresent()) {
                asm.branch(ready, Condition.EQUAL, value(0), timedOut);
            }
            asm.call(Syscall.WAIT4, child, ended, value(0), value(0)).retry();
            asm.load(status, Width.INT, ended);
            asm.branch(status, Condition.EQUAL, value(0), done);
            failAs(status);
            if (hook.timeout().isPresent()) {
                asm.place(timedOut);
                end(child, ended);
                asm.source(
                        point.pointer(index),
                        "hook " + hook.path() + " did not end within "
                                + hook.timeout().getAsLong() + " s and was killed");
                asm.fail(Errno.ETIME);
            }
        }
    }

    /** With the reason why it could not be executed, if it was not, or with how it has ended. */
    private void failAs(Register status) {
        try (var _ = asm.scope()) {
            Register errno = asm.register("hook's errno");
            Label executed = asm.label("the hook was executed");
            Address counter = asm.space(COUNTER_SIZE);
            asm.call(Syscall.READ, failure, counter, value(COUNTER_SIZE)).on(executed, Errno.EAGAIN);
            asm.load(errno, Width.LONG, counter);
            asm.fail(errno);
            asm.place(executed);
            output.quote(words, errno);
            HookEnd.encode(asm, status, errno);
            asm.fail(errno);
        }
    }

    private void end(Register child, Address ended) {
        try (var _ = asm.scope()) {
            Register group = asm.register("group");
            asm.compute(group, value(0), Operation.SUBTRACT, child);
            asm.call(Syscall.KILL, group, value(Signal.KILL.number())).ignoreErrors();
            asm.call(Syscall.KILL, child, value(Signal.KILL.number())).ignoreErrors();
            asm.call(Syscall.WAIT4, child, ended, value(0), value(0)).retry().ignoreErrors();
        }
    }

    /** What the child does: the hook's program, or the reason why it cannot be. */
    private void become(Hook hook, Register parent) {
        try (var _ = asm.scope()) {
            Label failed = asm.label("the hook cannot be executed");
            Label orphan = asm.label("the hook is an orphan");
            asm.onFail(failed);
            Lifeline.tieToParent(asm, parent, orphan);
            asm.call(Syscall.SETSID);
            asm.call(Syscall.DUP3, input.file(), value(0), value(0));
            asm.call(Syscall.DUP3, output.standardOutput(), value(1), value(0));
            asm.call(Syscall.DUP3, output.standardError(), value(2), value(0));
            for (int i = 0; i < preserved; i++) {
                asm.call(
                        Syscall.FCNTL,
                        value(KeptDescriptors.AFTER_STANDARD_STREAMS + i),
                        value(FileControl.F_SETFD),
                        value(FileControl.FD_CLOEXEC));
            }
            place.enter(asm);
            SignalMask.clear(asm);
            asm.call(
                    Syscall.EXECVE,
                    asm.string(hook.path()),
                    asm.strings(hook.args().isEmpty() ? List.of(hook.path()) : hook.args()),
                    environment.of(hook, asm));
            asm.place(failed);
            asm.onFail(orphan);
            Address errno = asm.space(COUNTER_SIZE);
            asm.store(Width.LONG, errno, Register.FAILED_ERRNO);
            asm.call(Syscall.WRITE, failure, errno, value(COUNTER_SIZE));
            asm.place(orphan);
            asm.exit(1);
        }
    }
}
