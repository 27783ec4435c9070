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

/**
 * On cgroup v1: an eventfd that the kernel adds 1 to each time that the cgroup, or one above it, runs out of memory,
 * and once more when the cgroup is removed. The shim keeps it from the first call to the last, so nothing between two
 * looks is lost. Where the cgroup is gone, one of what was counted is the removal's; that comes a moment after the
 * directory has gone, and is waited for.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/memory.html#oom-control">OOM control on cgroup v1</a>
 */
final class LegacyOomWatch implements OomWatch {

    private static final Operand HERE = value(OpenFlags.AT_FDCWD);
    /**
     * The kernel signals it from a work item (memcg_event_remove), which waits for others: less than a millisecond on
     * an idle machine, more than 100 on a busy one. It is waited for in vain only where it had come before the
     * directory was seen to be gone.
     */
    private static final long REMOVAL_SECONDS = 10;

    private static final String CONTROL = "memory.oom_control";

    private final Assembler asm;
    private final Reader reader;
    private final byte[] line;
    private final String directory;
    private final Address control;
    private final Address registration;
    private final Address counted;
    private final Register eventfd;
    private final Register place;
    private final Register count;
    private final Label removed;

    LegacyOomWatch(Assembler asm, Path directory, Reader reader, byte[] line) {
        this.asm = asm;
        this.reader = reader;
        this.line = line.clone();
        this.directory = directory.toString();
        this.control = asm.string(directory.resolve(CONTROL).toString());
        this.registration = asm.string(directory.resolve("cgroup.event_control").toString());
        this.counted = asm.space(Long.BYTES);
        this.eventfd = asm.register("eventfd");
        this.place = asm.register("cgroup");
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
            open();
            asm.call(Syscall.OPENAT, HERE, control, value(OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC))
                    .into(file);
            asm.call(Syscall.OPENAT, HERE, registration, value(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC))
                    .into(register);
            register(file, register);
            asm.call(Syscall.CLOSE, file);
            asm.call(Syscall.CLOSE, register);
        }
    }

    /** Its path may be another cgroup's one day, and this is not. */
    private void open() {
        asm.call(Syscall.OPENAT, HERE, asm.string(directory), value(OpenFlags.O_PATH))
                .into(place)
                .ignoreErrors();
    }

    /** Writes {@code EVENTFD FILE}. */
    private void register(Register file, Register to) {
        Register length = asm.register("length");
        Register digits = asm.register("digits");
        Register number = asm.register("number");
        Address text = asm.space(2 * Assembler.NUMBER_SIZE);
        Address second = asm.space(Assembler.NUMBER_SIZE);
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
        var legacy = (KeptWatch.Oom.Legacy) kept.oom().orElseThrow();
        asm.move(eventfd, value(legacy.eventfd()));
        if (legacy.place().isPresent()) {
            asm.move(place, value(legacy.place().getAsLong()));
        } else {
            open();
        }
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
            asm.call(Syscall.FACCESSAT, place, asm.string(CONTROL), value(0))
                    .into(access)
                    .ignoreErrors();
            asm.branch(access, Condition.NOT_EQUAL, value(0), removed);
        }
    }

    private void awaitRemoval() {
        try (var _ = asm.scope()) {
            Register before = asm.register("before");
            Address polled = asm.bytes(Struct.ofInts(0, Poll.POLLIN));
            Address time = asm.bytes(Struct.ofLongs(REMOVAL_SECONDS, 0));
            asm.store(Width.INT, polled, eventfd);
            asm.move(before, count);
            // What was counted before the directory had gone is memory's, and not what is waited for.
            take();
            asm.compute(before, before, Operation.ADD, count);
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
        call.say(KeptWatch.PLACE, place);
    }
}
