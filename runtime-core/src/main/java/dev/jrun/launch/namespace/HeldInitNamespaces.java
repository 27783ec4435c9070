// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
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
import java.util.ArrayList;
import java.util.List;

/**
 * All at once, by a pidfd, which names one process however often its pid is used again. setns(2).
 *
 * <p>To enter a namespace again changes nothing, but may be forbidden (EPERM). So it is tried, and only where the kernel refuses is it looked
 * which of them the caller is in: to look at all takes ten times as long as to enter them. Two kinds are looked at in any case: a user
 * namespace, which nobody can enter again, with all that belong to it, and a mount namespace that the container has joined, since who enters
 * one has its root directory and not the caller's afterwards.
 */
final class HeldInitNamespaces implements InitNamespaces {

    private static final String POINTER = "/linux/namespaces";
    private static final String ENTER = "enter the namespaces of the container";

    private final Assembler asm;
    private final Linux linux;
    private final long init;
    private final Register held;
    private final Register types;
    private final List<Namespace> seen = new ArrayList<>();
    private final List<Namespace> unseen = new ArrayList<>();

    HeldInitNamespaces(Assembler asm, Linux linux, long init, Register held) {
        this.asm = asm;
        this.linux = linux;
        this.init = init;
        this.held = held;
        this.types = asm.register("namespaces to enter");
        boolean hasUser = linux.namespace(Namespace.Type.USER).isPresent();
        for (Namespace namespace : linux.namespaces()) {
            boolean isJoinedMount =
                    namespace.type() == Namespace.Type.MOUNT && namespace.path().isPresent();
            (hasUser || isJoinedMount ? seen : unseen).add(namespace);
        }
    }

    /** By the pid, which may be another process's by now: whoever calls this makes sure afterwards that it was init's all the time. */
    @Override
    public void open() {
        long untold = 0;
        for (Namespace namespace : unseen) {
            untold |= NamespaceKind.flag(namespace.type());
        }
        asm.source(POINTER, "find out which namespaces are to be entered");
        asm.move(types, value(untold));
        compare(seen);
    }

    private void compare(List<Namespace> namespaces) {
        for (Namespace namespace : namespaces) {
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
        asm.source(POINTER, ENTER);
        if (unseen.isEmpty()) {
            enterSeen();
        } else {
            enterUnseen();
        }
        if (hasUser) {
            Concealment.ofInit(asm);
        }
    }

    private void enterSeen() {
        try (var _ = asm.when(types, Condition.NOT_EQUAL, value(0), "in all of them")) {
            asm.call(Syscall.SETNS, held, types);
        }
    }

    private void enterUnseen() {
        Label refused = asm.label("not all can be entered");
        Label entered = asm.label("in all of them");
        asm.call(Syscall.SETNS, held, types).on(refused, Errno.EPERM, Errno.EINVAL);
        asm.go(entered);
        asm.place(refused);
        lookAgain();
        asm.source(POINTER, ENTER);
        enterSeen();
        asm.place(entered);
    }

    /** What is read by its pid is the held process's own, unless somebody has waited for that since: ESRCH. Who may not send it a signal is told so. */
    private void lookAgain() {
        asm.move(types, value(0));
        compare(linux.namespaces());
        asm.source(POINTER, "make sure that these were the namespaces of the container's init");
        asm.call(Syscall.PIDFD_SEND_SIGNAL, held, value(0), value(0), value(0)).ignore(Errno.EPERM);
    }
}
