// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Dirent;
import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/**
 * One by one, as /proc/self/fd lists them: a process may have descriptors above its limit, so no count would find them
 * all. proc_pid_fd(5), getdents64(2).
 */
final class ClassicDescriptorClosing implements DescriptorClosing {

    private static final int BUFFER = 4096;

    private final Assembler asm;
    private final Register list;
    private final Address entries;

    ClassicDescriptorClosing(Assembler asm) {
        this.asm = asm;
        this.list = asm.register("list of descriptors");
        this.entries = asm.space(BUFFER);
    }

    @Override
    public void prepare() {
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        asm.string("/proc/self/fd"),
                        value(OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC))
                .into(list);
    }

    @Override
    public void close(Operand first) {
        Loop loop = begin(first);
        asm.call(Syscall.CLOSE, loop.descriptor());
        end(loop);
    }

    @Override
    public void closeOnExec(Operand first) {
        Loop loop = begin(first);
        asm.call(Syscall.FCNTL, loop.descriptor(), value(FileControl.F_SETFD), value(FileControl.FD_CLOEXEC));
        end(loop);
    }

    /** What {@link #begin} and {@link #end} have in common; between them, {@code descriptor} is one from the list. */
    private record Loop(
            Assembler.Scope registers,
            Register descriptor,
            Register length,
            Register entry,
            Label read,
            Label next,
            Label skip,
            Label done) {}

    /** The list goes by the numbers of descriptors, so it does not lose its place when some of them are closed. */
    private Loop begin(Operand first) {
        Loop loop = new Loop(
                asm.scope(),
                asm.register("descriptor"),
                asm.register("length"),
                asm.register("entry"),
                asm.label("read entries"),
                asm.label("next entry"),
                asm.label("skip entry"),
                asm.label("no more entries"));
        asm.place(loop.read());
        asm.call(Syscall.GETDENTS64, list, entries, value(BUFFER)).into(loop.length());
        asm.branch(loop.length(), Condition.EQUAL, value(0), loop.done());
        asm.move(loop.entry(), value(0));
        asm.place(loop.next());
        parse(loop.entry(), loop.descriptor());
        asm.branch(loop.descriptor(), Condition.LESS, first, loop.skip());
        asm.branch(loop.descriptor(), Condition.EQUAL, list, loop.skip());
        return loop;
    }

    private void end(Loop loop) {
        Register size = asm.register("size");
        asm.place(loop.skip());
        asm.load(size, Width.SHORT, entries.plus(Dirent.LENGTH), loop.entry());
        asm.compute(loop.entry(), loop.entry(), Operation.ADD, size);
        asm.branch(loop.entry(), Condition.LESS, loop.length(), loop.next());
        asm.go(loop.read());
        asm.place(loop.done());
        asm.call(Syscall.CLOSE, list);
        loop.registers().close();
    }

    /** {@code descriptor =} the entry's name, which is a number but for "." and "..", which count as 0. */
    private void parse(Register entry, Register descriptor) {
        try (var _ = asm.scope()) {
            Register position = asm.register("position");
            Register digit = asm.register("digit");
            Register product = asm.register("product");
            asm.move(descriptor, value(0));
            asm.move(position, entry);
            try (var more = asm.loop("next digit", "parsed")) {
                asm.load(digit, Width.BYTE, entries.plus(Dirent.NAME), position);
                more.leaveIf(digit, Condition.LESS, value('0'));
                asm.compute(product, descriptor, Operation.SHIFT_LEFT, value(3));
                asm.compute(descriptor, descriptor, Operation.SHIFT_LEFT, value(1));
                asm.compute(descriptor, descriptor, Operation.ADD, product);
                asm.compute(digit, digit, Operation.SUBTRACT, value('0'));
                asm.compute(descriptor, descriptor, Operation.ADD, digit);
                asm.compute(position, position, Operation.ADD, value(1));
            }
        }
    }
}
