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
import dev.jrun.program.Struct;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Namespace;
import java.util.ArrayList;
import java.util.List;

/**
 * Enters them all at once, by a pidfd, which names one process even if its pid is reused. setns(2).
 *
 * <p>Entering a namespace again changes nothing, but may be forbidden (EPERM). So it is tried, and only if the kernel
 * refuses is it checked which of them the caller is in: checking all takes ten times as long as entering them. Two
 * kinds are checked in any case: a user namespace, which nobody can enter again, with all that belong to it, and a
 * mount namespace that the container has joined, since who enters one has its root directory and not the caller's
 * afterwards.
 */
final class HeldInitNamespaces implements InitNamespaces {

    private static final String POINTER = "/linux/namespaces";
    private static final String ENTER = "enter the namespaces of the container";

    /** Of a table of namespaces: what links to init's, what links to the caller's own, and the flag. */
    private static final int ENTRY = 3 * Long.BYTES;

    private static final int OWN_LINK = Long.BYTES;
    private static final int FLAG = 2 * Long.BYTES;

    /** Room for any such link. */
    private static final int LINK = KernelNamespace.LONGEST_LINK;

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

    /**
     * By the pid, which may be another process's by now: whoever calls this makes sure afterwards that it was init's
     * all the time.
     */
    @Override
    public void open() {
        long untold = 0;
        for (Namespace namespace : unseen) {
            untold |= KernelNamespace.flag(namespace.type());
        }
        asm.source(POINTER, "find out which namespaces are to be entered");
        asm.move(types, value(untold));
        compare(seen);
    }

    /** By what the links in /proc say: to follow them, the kernel makes a file for each. */
    private void compare(List<Namespace> namespaces) {
        if (namespaces.isEmpty()) {
            return;
        }
        asm.source(POINTER, "compare the container's namespaces with the caller's own");
        Address table = table(namespaces);
        Address inits = asm.space(LINK);
        Address own = asm.space(LINK);
        try (var _ = asm.scope()) {
            Register at = asm.register("entry of the table");
            asm.move(at, value(0));
            try (var entries = asm.loop("next namespace", "all compared")) {
                Label other = asm.label("another namespace");
                Label same = asm.label("in it already");
                read(table, at, inits);
                read(table.plus(OWN_LINK), at, own);
                compare(inits, own, other);
                asm.go(same);
                asm.place(other);
                add(table.plus(FLAG), at);
                asm.place(same);
                asm.compute(at, at, Operation.ADD, value(ENTRY));
                entries.leaveIf(at, Condition.EQUAL, value((long) ENTRY * namespaces.size()));
            }
        }
    }

    private Address table(List<Namespace> namespaces) {
        long[] flags = new long[namespaces.size() * ENTRY / Long.BYTES];
        for (int i = 0; i < namespaces.size(); i++) {
            flags[(i * ENTRY + FLAG) / Long.BYTES] =
                    KernelNamespace.flag(namespaces.get(i).type());
        }
        Address table = asm.bytes(Struct.ofLongs(flags));
        for (int i = 0; i < namespaces.size(); i++) {
            Namespace.Type type = namespaces.get(i).type();
            asm.point(table.plus(i * ENTRY), asm.string(KernelNamespace.file(init, type)));
            asm.point(table.plus(i * ENTRY + OWN_LINK), asm.string(KernelNamespace.ownFile(type)));
        }
        return table;
    }

    /** Behind it are zeros. */
    private void read(Address links, Register at, Address text) {
        try (var _ = asm.scope()) {
            Register link = asm.register("link");
            for (int word = 0; word < LINK; word += Long.BYTES) {
                asm.store(Width.LONG, text.plus(word), value(0));
            }
            asm.load(link, Width.LONG, links, at);
            asm.call(Syscall.READLINKAT, value(OpenFlags.AT_FDCWD), link, text, value(LINK));
        }
    }

    private void compare(Address inits, Address own, Label other) {
        try (var _ = asm.scope()) {
            Register one = asm.register("word of init's");
            Register another = asm.register("word of the own");
            for (int word = 0; word < LINK; word += Long.BYTES) {
                asm.load(one, Width.LONG, inits.plus(word));
                asm.load(another, Width.LONG, own.plus(word));
                asm.branch(one, Condition.NOT_EQUAL, another, other);
            }
        }
    }

    private void add(Address flags, Register at) {
        try (var _ = asm.scope()) {
            Register flag = asm.register("flag");
            asm.load(flag, Width.LONG, flags, at);
            asm.compute(types, types, Operation.OR, flag);
        }
    }

    @Override
    public void close() {}

    @Override
    public void enter(Credentials.Groups groups) {
        boolean hasUser = linux.namespace(Namespace.Type.USER).isPresent();
        if (hasUser && groups == Credentials.Groups.CONFIGURED) {
            asm.source(POINTER, "leave the caller's supplementary groups");
            NamespaceEntry.dropGroups(asm);
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
        asm.call(Syscall.SETNS, held, types).on(refused, Errno.EPERM, Errno.EINVAL, Errno.EACCES, Errno.ENOSYS);
        asm.go(entered);
        asm.place(refused);
        lookAgain();
        asm.source(POINTER, ENTER);
        enterSeen();
        asm.place(entered);
    }

    /**
     * What is read by its pid is the held process's own, unless somebody has waited for that since: ESRCH. Who may not
     * send it a signal is told so.
     */
    private void lookAgain() {
        asm.move(types, value(0));
        compare(linux.namespaces());
        asm.source(POINTER, "make sure that these were the namespaces of the container's init");
        asm.call(Syscall.PIDFD_SEND_SIGNAL, held, value(0), value(0), value(0)).ignore(Errno.EPERM);
    }
}
