// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.watch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Poll;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * On cgroup v1: an eventfd that the kernel adds 1 to each time that the cgroup, or one above it, runs out of memory, and once more when the cgroup is
 * removed. It is the shim's from the first call to the last, so nothing between two looks is lost. Where the cgroup is gone, one of what was counted
 * is the removal's; that comes a moment after the directory has gone, and is waited for.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/memory.html#oom-control">OOM control on cgroup v1</a>
 */
final class LegacyOomWatch implements OomWatch {

    private static final Operand HERE = value(OpenFlags.AT_FDCWD);
    /** A work item of the kernel's, which takes less than a millisecond on an idle machine. */
    private static final long REMOVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final int DIGITS = 24;

    private final Assembler asm;
    private final Reader reader;
    private final byte[] line;
    private final String directory;
    private final Address control;
    private final Address registration;
    private final Address counted;
    private final Register eventfd;
    private final Register count;
    private final Label removed;

    LegacyOomWatch(Assembler asm, Path directory, Reader reader, byte[] line) {
        this.asm = asm;
        this.reader = reader;
        this.line = line.clone();
        this.directory = directory.toString();
        this.control = asm.string(directory.resolve("memory.oom_control").toString());
        this.registration = asm.string(directory.resolve("cgroup.event_control").toString());
        this.counted = asm.space(Long.BYTES);
        this.eventfd = asm.register("eventfd");
        this.count = asm.register("out of memory");
        this.removed = asm.label("the cgroup is gone");
    }

    @Override
    public void begin() {
        try (var _ = asm.scope()) {
            Register file = asm.register("memory.oom_control");
            Register register = asm.register("cgroup.event_control");
            asm.source(Source.runtime("be told when the container runs out of memory"));
            asm.call(Syscall.EVENTFD2, value(0), value(OpenFlags.O_NONBLOCK)).into(eventfd);
            asm.call(Syscall.OPENAT, HERE, control, value(OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC))
                    .into(file);
            asm.call(Syscall.OPENAT, HERE, registration, value(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC))
                    .into(register);
            register(file, register);
            asm.call(Syscall.CLOSE, file);
            asm.call(Syscall.CLOSE, register);
        }
    }

    /** Writes {@code EVENTFD FILE}. */
    private void register(Register file, Register to) {
        Register length = asm.register("length");
        Register digits = asm.register("digits");
        Register number = asm.register("number");
        Address text = asm.space(2 * DIGITS);
        Address second = asm.space(DIGITS);
        asm.format(text, eventfd, length);
        asm.store(Width.BYTE, text, length, value(' '));
        asm.compute(length, length, Operation.ADD, value(1));
        asm.format(second, file, digits);
        // A descriptor has at most seven digits.
        asm.load(number, Width.LONG, second);
        asm.store(Width.LONG, text, length, number);
        asm.compute(length, length, Operation.ADD, digits);
        asm.call(Syscall.WRITE, to, text, length);
    }

    @Override
    public void resume(KeptWatch kept) {
        asm.move(
                eventfd,
                value(kept.oom().orElseThrow() instanceof KeptWatch.Oom.Legacy legacy ? legacy.eventfd() : -1));
    }

    @Override
    public void poll(Address place) {
        asm.store(Width.INT, place, eventfd);
        asm.store(Width.SHORT, place.plus(Integer.BYTES), value(Poll.POLLIN));
    }

    @Override
    public void look() {
        try (var _ = asm.scope()) {
            take();
            try (var _ = asm.when(count, Condition.NOT_EQUAL, value(0), "nothing happened")) {
                goIfRemoved();
                reader.print(line, count);
            }
        }
    }

    @Override
    public void lookLast() {
        Label said = asm.label("all is said");
        take();
        goIfRemoved();
        reader.print(line, count);
        asm.go(said);
        asm.place(removed);
        awaitRemoval();
        reader.print(line, count);
        asm.place(said);
    }

    private void take() {
        try (var _ = asm.scope()) {
            Register length = asm.register("length");
            asm.move(count, value(0));
            asm.call(Syscall.READ, eventfd, counted, value(Long.BYTES))
                    .into(length)
                    .ignoreErrors();
            try (var _ = asm.when(length, Condition.EQUAL, value(Long.BYTES), "nothing was counted")) {
                asm.load(count, Width.LONG, counted);
            }
        }
    }

    /** Looked up after the counting: what was counted while the cgroup was there is not its removal. */
    private void goIfRemoved() {
        try (var _ = asm.scope()) {
            Register access = asm.register("access");
            asm.call(Syscall.FACCESSAT, HERE, control, value(0)).into(access).ignoreErrors();
            asm.branch(access, Condition.NOT_EQUAL, value(0), removed);
        }
    }

    private void awaitRemoval() {
        try (var _ = asm.scope()) {
            Register before = asm.register("before");
            Address polled = asm.bytes(Struct.ofInts(0, Poll.POLLIN));
            Address time = asm.bytes(Struct.ofLongs(0, REMOVAL_NANOS));
            asm.move(before, count);
            asm.store(Width.INT, polled, eventfd);
            asm.call(Syscall.PPOLL, polled, value(1), time, value(0), value(0)).ignoreErrors();
            take();
            asm.compute(count, count, Operation.ADD, before);
            try (var _ = asm.when(count, Condition.NOT_EQUAL, value(0), "no removal was counted")) {
                asm.compute(count, count, Operation.SUBTRACT, value(1));
            }
        }
    }

    @Override
    public void say(CallAgain call) {
        call.say(KeptWatch.DIRECTORY, directory);
        call.say(KeptWatch.EVENTFD, eventfd);
    }
}
