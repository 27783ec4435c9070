// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Subroutine;

/**
 * Makes a symbolic link that says what the source of a bind mount says ({@code copy-symlink}). One that is there
 * already is left if it says the same, so that a container can be made of the same root again; anything else that is
 * there is not replaced.
 */
final class LinkCopy {

    private final ContainerRoot containerRoot;
    private final Assembler asm;
    private final Subroutine subroutine;
    private final Register name;
    private final Register length;
    private final Register present;
    private final Register index;
    private final Register left;
    private final Register right;

    LinkCopy(ContainerRoot containerRoot) {
        this.containerRoot = containerRoot;
        this.asm = containerRoot.asm;
        this.subroutine = new Subroutine(asm, "copy a link");
        this.name = asm.register("name");
        this.length = asm.register("length");
        this.present = asm.register("length there");
        this.index = asm.register("index");
        this.left = asm.register("character");
        this.right = asm.register("character there");
    }

    /**
     * Copies the link that {@link ContainerRoot#mount} begins with to {@code linkName} in the directory
     * {@link ContainerRoot#target}.
     */
    void make(String linkName) {
        asm.move(name, asm.string(linkName));
        subroutine.call();
    }

    /**
     * Assembles it, where no instruction falls into it.
     *
     * @param onFailure where failures go to
     */
    void assemble(Label onFailure) {
        if (!subroutine.isCalled()) {
            return;
        }
        Address text = asm.space(OpenFlags.PATH_MAX + Long.BYTES);
        Address there = asm.space(OpenFlags.PATH_MAX);
        Label exists = asm.label("something is there");
        Label compare = asm.label("compare");
        Label different = asm.label("something else is there");
        Label done = asm.label("link copied");
        asm.source(Source.runtime("copy a symbolic link"));
        subroutine.begin();
        // With an empty path, readlinkat(2) reads the link that an O_PATH descriptor names.
        asm.call(Syscall.READLINKAT, containerRoot.mount, containerRoot.noPath(), text, value(OpenFlags.PATH_MAX))
                .into(length);
        asm.store(Width.BYTE, text, length, value(0));
        asm.call(Syscall.SYMLINKAT, text, containerRoot.target, name).on(exists, Errno.EEXIST);
        asm.go(done);

        asm.place(exists);
        asm.call(Syscall.READLINKAT, containerRoot.target, name, there, value(OpenFlags.PATH_MAX))
                .into(present)
                .on(different, Errno.EINVAL);
        asm.branch(present, Condition.NOT_EQUAL, length, different);
        asm.move(index, value(0));
        asm.place(compare);
        asm.branch(index, Condition.EQUAL, length, done);
        asm.load(left, Width.BYTE, text, index);
        asm.load(right, Width.BYTE, there, index);
        asm.compute(index, index, Operation.ADD, value(1));
        asm.branch(left, Condition.EQUAL, right, compare);

        asm.place(different);
        containerRoot.explain("the destination is there, and is no link like the source");
        asm.fail(Errno.EEXIST);

        asm.place(done);
        subroutine.end(onFailure);
    }
}
