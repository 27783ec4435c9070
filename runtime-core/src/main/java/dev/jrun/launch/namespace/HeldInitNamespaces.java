// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.Concealment;
import dev.jrun.launch.part.FileStatus;
import dev.jrun.launch.process.Credentials;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Register;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Namespace;

/** All at once, by a pidfd, which names one process however often its pid is used again. setns(2). */
final class HeldInitNamespaces implements InitNamespaces {

    private static final String POINTER = "/linux/namespaces";

    private final Assembler asm;
    private final Linux linux;
    private final long init;
    private final Register held;
    private final Register types;

    HeldInitNamespaces(Assembler asm, Linux linux, long init, Register held) {
        this.asm = asm;
        this.linux = linux;
        this.init = init;
        this.held = held;
        this.types = asm.register("namespaces to enter");
    }

    /** A pid that is another process's by now makes the wrong ones be left out, but then there are none to be entered any more. */
    @Override
    public void open() {
        asm.move(types, value(0));
        try (var _ = asm.scope()) {
            Register inode = asm.register("inode");
            Register own = asm.register("own inode");
            FileStatus status = new FileStatus(asm);
            for (Namespace namespace : linux.namespaces()) {
                Namespace.Type type = namespace.type();
                asm.source(POINTER, "compare the container's " + type.specName() + " namespace with the caller's own");
                inodeOf(NamespaceKind.file(init, type), status, inode);
                inodeOf(NamespaceKind.ownFile(type), status, own);
                try (var _ = asm.when(inode, Condition.NOT_EQUAL, own, "in it already")) {
                    asm.compute(types, types, Operation.OR, value(NamespaceKind.flag(type)));
                }
            }
        }
    }

    private void inodeOf(String file, FileStatus status, Register inode) {
        status.at(value(OpenFlags.AT_FDCWD), asm.string(file), 0);
        asm.load(inode, Width.LONG, status.field(Statx.INO));
    }

    @Override
    public void close() {}

    @Override
    public void enter(Credentials.Groups groups) {
        boolean hasUser = linux.namespace(Namespace.Type.USER).isPresent();
        if (hasUser && groups == Credentials.Groups.CONFIGURED) {
            asm.source(POINTER, "leave the caller's supplementary groups");
            JoinedNamespaces.dropGroups(asm);
        }
        asm.source(POINTER, "enter the namespaces of the container");
        try (var _ = asm.when(types, Condition.NOT_EQUAL, value(0), "in all of them")) {
            asm.call(Syscall.SETNS, held, types);
        }
        if (hasUser) {
            Concealment.ofInit(asm);
        }
    }
}
