// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.watch;

import static dev.jrun.program.Operand.value;

import dev.jrun.cgroup.controller.OomNotices;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Poll;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.FileContents;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Range;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Source;

/**
 * On cgroup v2: {@code memory.events}, which the kernel says has changed (POLLPRI) and which counts all kills in the
 * cgroup and below, so that nothing between two looks is lost. When a container has ended, its cgroup may be gone
 * before anybody can look. Then what was killed on the whole host since the last look decides: if nothing was but what
 * was seen here, nothing else was here.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files">memory.events</a>
 */
final class UnifiedOomWatch implements OomWatch {

    private static final Operand HERE = value(OpenFlags.AT_FDCWD);
    /** Room for what the files have, and more lines of later kernels. */
    private static final int EVENTS_SIZE = 4096;

    private static final int STATISTICS_SIZE = 64 << 10;

    private final Assembler asm;
    private final OomNotices.Unified notices;
    private final Reader reader;
    private final byte[] line;
    private final Address name;
    private final Address text;
    private final Register file;
    private final Register seen;
    private final Register kills;

    UnifiedOomWatch(Assembler asm, OomNotices.Unified notices, Reader reader, byte[] line) {
        this.asm = asm;
        this.notices = notices;
        this.reader = reader;
        this.line = line.clone();
        this.name = asm.string(notices.directory().resolve("memory.events").toString());
        this.text = asm.space(EVENTS_SIZE + KillCount.SLACK);
        this.file = asm.register("memory.events");
        this.seen = asm.register("kills seen");
        this.kills = asm.register("kills");
    }

    @Override
    public void begin() {
        asm.source(Source.runtime("watch for kills for want of memory"));
        asm.move(seen, value(notices.kills()));
        open();
    }

    @Override
    public void resume(KeptWatch kept) {
        var unified = (KeptWatch.Oom.Unified) kept.oom().orElseThrow();
        asm.move(seen, value(unified.said()));
        if (unified.events().isPresent()) {
            asm.move(file, value(unified.events().getAsLong()));
        } else {
            open();
        }
    }

    /**
     * If the cgroup is gone, it cannot be read. It is kept to the last call: its path may be another cgroup's one day.
     */
    private void open() {
        asm.call(Syscall.OPENAT, HERE, name, value(OpenFlags.O_RDONLY))
                .into(file)
                .ignoreErrors();
    }

    @Override
    public void poll(Address place) {
        asm.store(Width.INT, place, file);
        asm.store(Width.SHORT, place.plus(Integer.BYTES), value(Poll.POLLPRI));
    }

    @Override
    public void look() {
        count();
        sayNew();
        // A file whose cgroup is gone is always ready.
        try (var _ = asm.when(kills, Condition.LESS, value(0), "it can be read")) {
            asm.move(file, value(-1));
        }
    }

    @Override
    public void lookLast() {
        count();
        sayNew();
        try (var _ = asm.when(kills, Condition.LESS, value(0), "the cgroup is there")) {
            asm.move(kills, value(notices.kills()));
            sayNew();
            sayIfUnseen();
        }
    }

    /** Whatever was killed on the host since the engine looked, and was not said: one of those may have been here. */
    private void sayIfUnseen() {
        try (var _ = asm.scope()) {
            Register said = asm.register("said since");
            asm.move(kills, value(notices.killsOnHost()));
            countOnHost();
            asm.compute(kills, kills, Operation.SUBTRACT, value(notices.killsOnHost()));
            asm.compute(said, seen, Operation.SUBTRACT, value(notices.kills()));
            try (var _ = asm.when(said, Condition.LESS, kills, "nothing else was killed")) {
                asm.move(kills, value(1));
                reader.print(line, kills);
            }
        }
    }

    private void sayNew() {
        try (var _ = asm.when(seen, Condition.LESS, kills, "no new ones")) {
            Register more = asm.register("new kills");
            asm.compute(more, kills, Operation.SUBTRACT, seen);
            asm.move(seen, kills);
            reader.print(line, more);
        }
    }

    /** How many were counted; negative if the file cannot be read. */
    private void count() {
        try (var _ = asm.scope()) {
            Register length = asm.register("length");
            asm.move(kills, value(-1));
            asm.call(Syscall.LSEEK, file, value(0), value(0)).ignoreErrors();
            asm.call(Syscall.READ, file, text, value(EVENTS_SIZE)).into(length).ignoreErrors();
            try (var _ = asm.when(length, Condition.NOT_LESS, value(1), "it cannot be read")) {
                new KillCount(asm, text).find(length, kills);
            }
        }
    }

    private void countOnHost() {
        try (var _ = asm.scope()) {
            Register statistics = asm.register("/proc/vmstat");
            FileContents contents = new FileContents(asm, STATISTICS_SIZE);
            asm.call(Syscall.OPENAT, HERE, asm.string("/proc/vmstat"), value(OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC))
                    .into(statistics);
            Range read = contents.read(statistics);
            new KillCount(asm, read.place()).find(read.length(), kills);
        }
    }

    @Override
    public void say(CallAgain call) {
        call.say(KeptWatch.DIRECTORY, notices.directory().toString());
        call.say(KeptWatch.EVENTS, file);
        call.say(KeptWatch.KILLS, seen);
        call.say(KeptWatch.KILLS_AT_LOOK, Long.toString(notices.kills()));
        call.say(KeptWatch.KILLS_ON_HOST, Long.toString(notices.killsOnHost()));
    }
}
