// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.Concealment;
import dev.jrun.launch.process.Credentials;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.spec.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Enters {@link JoinedNamespaces}, whose descriptors the shim has opened. setns(2). */
final class NamespaceEntry {

    private final Assembler asm;
    private final List<JoinedNamespace> others = new ArrayList<>();
    private Optional<JoinedNamespace> user = Optional.empty();
    private Optional<JoinedNamespace> mount = Optional.empty();

    NamespaceEntry(Assembler asm, List<JoinedNamespace> all) {
        this.asm = asm;
        for (JoinedNamespace joined : all) {
            switch (joined.type()) {
                case USER -> user = Optional.of(joined);
                case MOUNT -> mount = Optional.of(joined);
                case PID, NETWORK, IPC, UTS, TIME, CGROUP -> others.add(joined);
            }
        }
    }

    /**
     * Enters all but the mount namespace. Who enters a user namespace gives up the rights to enter those of the host's,
     * and gains the rights to enter its own: so each is tried before, and those that refused, again after.
     *
     * @param groups what becomes of the supplementary groups
     */
    void enter(Credentials.Groups groups) {
        if (user.isEmpty()) {
            for (JoinedNamespace joined : others) {
                enter(joined);
            }
            return;
        }
        for (JoinedNamespace joined : others) {
            tryToEnter(joined);
        }
        if (groups == Credentials.Groups.CONFIGURED) {
            asm.source(user.get().pointer(), "leave the caller's supplementary groups");
            dropGroups(asm);
        }
        enter(user.get());
        for (JoinedNamespace joined : others) {
            enter(joined);
        }
    }

    /** What is to be entered may have given setgroups(2) up for good, so that they could not be dropped in there. */
    static void dropGroups(Assembler asm) {
        // EPERM: the caller may not, and what it may not drop outside it could not be rid of inside, either.
        asm.call(Syscall.SETGROUPS, value(0), value(0)).ignore(Errno.EPERM);
    }

    private void tryToEnter(JoinedNamespace joined) {
        try (var _ = asm.scope()) {
            Register descriptor = asm.register("namespace");
            Label later = asm.label("enter it later");
            load(joined, descriptor);
            asm.branch(descriptor, Condition.LESS, value(0), later);
            asm.call(Syscall.SETNS, descriptor, value(KernelNamespace.flag(joined.type())))
                    .on(later, Errno.EPERM);
            asm.call(Syscall.CLOSE, descriptor);
            asm.store(Width.LONG, joined.place(), value(JoinedNamespace.NOTHING_TO_ENTER));
            asm.place(later);
        }
    }

    private void enter(JoinedNamespace joined) {
        try (var _ = asm.scope()) {
            Register descriptor = asm.register("namespace");
            Label entered = asm.label("entered");
            load(joined, descriptor);
            asm.branch(descriptor, Condition.LESS, value(0), entered);
            asm.call(Syscall.SETNS, descriptor, value(KernelNamespace.flag(joined.type())));
            if (joined.type() == Namespace.Type.USER) {
                try (var _ = asm.aside()) {
                    Concealment.ofInit(asm);
                }
            }
            asm.call(Syscall.CLOSE, descriptor);
            asm.place(entered);
        }
    }

    private void load(JoinedNamespace joined, Register descriptor) {
        asm.source(joined.pointer(), "enter the " + joined.type().specName() + " namespace " + joined.path());
        asm.load(descriptor, Width.LONG, joined.place());
    }

    /** Enters the mount namespace, where there is one: paths are the other side's from then on. */
    void enterMount() {
        if (mount.isPresent()) {
            enter(mount.get());
        }
    }
}
