// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.watch;

import static dev.jrun.program.Operand.value;

import dev.jrun.cgroup.controller.OomNotices;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Poll;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.Caller;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The program of a shim that reports what happens to a container, until the container has ended or nobody reads any
 * more. It reports {@link dev.jrun.launch.part.Tag#DONE} and goes on without the engine: it waits for the time to look
 * again, on which it {@linkplain CallAgain calls again}, for the container's end, for its running out of memory, and
 * for the going of its reader.
 */
public final class EventsProgram {

    private static final long CLOCK_MONOTONIC = 1;
    private static final int OUTPUT = 0;
    private static final int TIMER = Poll.SIZE;
    private static final int PROCESS = 2 * Poll.SIZE;
    private static final int OOM = 3 * Poll.SIZE;
    private static final int POLLED = 4;
    /**
     * After which the shim calls again, although it is not time for a look: each takes less than 30,000 steps, and
     * after 50 million a program is cut off wherever it is.
     */
    private static final int MOST_WAKES = 1000;

    private final Assembler asm = new Assembler();
    private final Caller caller;
    private final OptionalLong started;
    private final Reader reader = new Reader(asm);
    private final Register timer = asm.register("timer");
    private final Register process = asm.register("pidfd");
    private final OomWatch oom;
    private final Label ended = asm.label("the container has ended");
    private final Label again = asm.label("time to look again");
    private final Label failed = asm.label("failed");
    private final Label another = asm.label("another process");
    private final Label abandoned = asm.label("abandoned");
    private Program program;

    /**
     * @param started when the container's first process did; empty if it is not known
     * @param oomLine what is said each time that a process was killed for want of memory
     * @param notices where that is said; empty if nowhere
     */
    public EventsProgram(Caller caller, OptionalLong started, Optional<OomNotices> notices, byte[] oomLine) {
        this.started = started;
        this.caller = caller;
        this.oom = OomWatch.of(asm, notices, reader, oomLine);
    }

    /**
     * Begins. If it fails, nothing was said.
     *
     * @param init the pid of the container's first process
     * @param interval how long to wait before each look
     */
    public Program begin(long init, Duration interval) {
        asm.source(Source.runtime("watch the container"));
        asm.call(Syscall.TIMERFD_CREATE, value(CLOCK_MONOTONIC), value(OpenFlags.O_NONBLOCK))
                .into(timer);
        asm.call(Syscall.TIMERFD_SETTIME, timer, value(0), asm.bytes(times(interval)), value(0));
        hold(init);
        oom.begin();
        confirmInit();
        reader.dismissEngine();
        asm.onFail(failed);
        asm.branch(process, Condition.EQUAL, value(-Errno.ESRCH.number()), ended);
        await();
        program = assemble();
        return program;
    }

    /**
     * Where the engine has the program go on if the process that is held is not, or not any more, the container's
     * first.
     */
    public int another() {
        return program.index(another);
    }

    /** Where it only ends. */
    public int abandoned() {
        return program.index(abandoned);
    }

    /** It was held by its pid, which may have become another's before that. */
    private void confirmInit() {
        Label init = asm.label("the container's first process");
        asm.source(Source.runtime("make sure that the process which is watched is the container's first"));
        asm.ask(Tag.HELD.ordinal());
        asm.go(init);
        asm.place(abandoned);
        asm.end();
        asm.place(another);
        asm.call(Syscall.CLOSE, process).ignoreErrors();
        asm.move(process, value(-Errno.ESRCH.number()));
        asm.place(init);
    }

    /** Where there is no such call, the engine finds out that the container has ended when it looks. */
    private void hold(long init) {
        asm.call(Syscall.PIDFD_OPEN, value(init), value(0)).into(process).ignoreErrors();
        asm.call(Syscall.FCNTL, process, value(FileControl.F_SETFD), value(0)).ignoreErrors();
    }

    private static byte[] times(Duration interval) {
        return Struct.ofLongs(interval.getSeconds(), interval.getNano(), interval.getSeconds(), interval.getNano());
    }

    /**
     * Goes on.
     *
     * @param kept what was kept since the last call
     * @param text what to print
     * @param errors what to say on standard error
     */
    public Program goOn(KeptWatch kept, byte[] text, byte[] errors) {
        resume(kept);
        reader.complain(errors);
        asm.source(Source.runtime("print what the container uses"));
        reader.print(text);
        await();
        return assemble();
    }

    /** Comes to the end, since the container has. */
    public Program end(KeptWatch kept) {
        resume(kept);
        asm.go(ended);
        asm.place(again);
        return assembleEnd();
    }

    private void resume(KeptWatch kept) {
        reader.dismissEngine();
        asm.onFail(failed);
        asm.move(timer, value(kept.timer()));
        asm.move(process, value(kept.process()));
        oom.resume(kept);
    }

    private void await() {
        Address polled = asm.bytes(Struct.ofInts(1, 0, 0, Poll.POLLIN, 0, Poll.POLLIN, -1, 0));
        asm.source(Source.runtime("wait for what happens to the container"));
        asm.store(Width.INT, polled.plus(TIMER), timer);
        asm.store(Width.INT, polled.plus(PROCESS), process);
        Register wakes = asm.register("wakes");
        asm.move(wakes, value(0));
        try (var _ = asm.loop("wait", "never")) {
            Label stopped = asm.label("was stopped");
            asm.branch(wakes, Condition.EQUAL, value(MOST_WAKES), again);
            asm.compute(wakes, wakes, Operation.ADD, value(1));
            oom.look();
            oom.poll(polled.plus(OOM));
            asm.call(Syscall.PPOLL, polled, value(POLLED), value(0), value(0), value(0))
                    .on(stopped, Errno.EINTR);
            goIf(polled.plus(PROCESS), ended);
            reader.endIfGone(polled.plus(OUTPUT));
            goIf(polled.plus(TIMER), again);
            asm.place(stopped);
        }
    }

    private void goIf(Address polled, Label target) {
        try (var _ = asm.scope()) {
            Register events = asm.register("events");
            asm.load(events, Width.SHORT, polled.plus(Poll.REVENTS));
            asm.branch(events, Condition.NOT_EQUAL, value(0), target);
        }
    }

    private Program assemble() {
        asm.place(again);
        asm.call(Syscall.READ, timer, asm.space(Long.BYTES), value(Long.BYTES)).ignoreErrors();
        CallAgain call = new CallAgain(asm, caller, KeptWatch.PREFIX);
        call.say(KeptWatch.TIMER, timer);
        call.say(KeptWatch.PROCESS, process);
        if (started.isPresent()) {
            call.say(KeptWatch.STARTED, Long.toString(started.getAsLong()));
        }
        oom.say(call);
        call.assemble();
        return assembleEnd();
    }

    private Program assembleEnd() {
        asm.place(ended);
        asm.source(Source.runtime("say what happened at last"));
        oom.lookLast();
        asm.exit(0);
        reader.assembleEnd(failed, again, "watch the container");
        return asm.assemble();
    }
}
