// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.Concealment;
import dev.jrun.launch.process.Credentials;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
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

    /** By the pid, which may be another process's by now: whoever calls this makes sure afterwards that it was init's all the time. */
    @Override
    public void open() {
        asm.move(types, value(0));
        for (Namespace namespace : linux.namespaces()) {
            Namespace.Type type = namespace.type();
            asm.source(POINTER, "compare the container's " + type.specName() + " namespace with the caller's own");
            compare(type);
        }
    }

    /** By what the links in /proc say: to follow them, the kernel makes a file for each. */
    private void compare(Namespace.Type type) {
        try (var _ = asm.scope()) {
            Register inits = asm.register("word of init's");
            Register own = asm.register("word of the own");
            Label other = asm.label("another namespace");
            Label same = asm.label("in it already");
            int length = NamespaceKind.linkLength(type);
            Address initsLink = read(NamespaceKind.file(init, type), length);
            Address ownLink = read(NamespaceKind.ownFile(type), length);
            for (int at = 0; at < length; at += Long.BYTES) {
                asm.load(inits, Width.LONG, initsLink.plus(at));
                asm.load(own, Width.LONG, ownLink.plus(at));
                asm.branch(inits, Condition.NOT_EQUAL, own, other);
            }
            asm.go(same);
            asm.place(other);
            asm.compute(types, types, Operation.OR, value(NamespaceKind.flag(type)));
            asm.place(same);
        }
    }

    private Address read(String link, int length) {
        Address text = asm.space(length);
        asm.call(Syscall.READLINKAT, value(OpenFlags.AT_FDCWD), asm.string(link), text, value(length));
        return text;
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
