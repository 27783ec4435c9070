// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statfs;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import dev.jrun.kernel.call.NamespaceFile;
import dev.jrun.launch.part.Concealment;
import dev.jrun.launch.part.FileStatus;
import dev.jrun.launch.process.Credentials;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.DescriptorPath;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.Config;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.reading.SysctlName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Namespaces that exist already ({@code linux.namespaces[].path}). The shim opens them, with its caller's rights and
 * before anything is entered; init or its forerunner enters them. setns(2).
 */
public final class JoinedNamespaces {

    private static final long NOTHING_TO_ENTER = -1;

    private final Assembler asm;
    private final Optional<Config> made;
    private final List<Joined> all = new ArrayList<>();
    private final List<Joined> others = new ArrayList<>();
    private Optional<Joined> user = Optional.empty();
    private Optional<Joined> mount = Optional.empty();
    private Optional<Address> cgroupIsCallers = Optional.empty();

    /** Where descriptors are that {@link #copyOf} was asked for. */
    private final Map<Namespace.Type, Address> copies = new EnumMap<>(Namespace.Type.class);

    /**
     * A namespace to join.
     *
     * @param index in {@code linux.namespaces}
     * @param place of the descriptor of its file, or of {@link #NOTHING_TO_ENTER}
     */
    private record Joined(int index, Namespace.Type type, String path, Address place) {

        String pointer() {
            return "/linux/namespaces/" + index + "/path";
        }
    }

    /** Of a container that is made in them. */
    public JoinedNamespaces(Assembler asm, Config config) {
        this.asm = asm;
        this.made = Optional.of(config);
        List<Namespace> namespaces = config.linux().namespaces();
        for (int i = 0; i < namespaces.size(); i++) {
            Namespace namespace = namespaces.get(i);
            if (namespace.path().isPresent()) {
                add(new Joined(i, namespace.type(), namespace.path().get(), asm.space(Long.BYTES)));
            }
        }
    }

    /** Those that the init of a container with this configuration is in now. */
    JoinedNamespaces(Assembler asm, Linux linux, long init) {
        this.asm = asm;
        this.made = Optional.empty();
        List<Namespace> namespaces = linux.namespaces();
        for (int i = 0; i < namespaces.size(); i++) {
            Namespace.Type type = namespaces.get(i).type();
            add(new Joined(i, type, NamespaceKind.file(init, type), asm.space(Long.BYTES)));
        }
    }

    private void add(Joined joined) {
        all.add(joined);
        switch (joined.type()) {
            case USER -> user = Optional.of(joined);
            case MOUNT -> mount = Optional.of(joined);
            case CGROUP -> {
                others.add(joined);
                cgroupIsCallers = Optional.of(asm.space(Long.BYTES));
            }
            case PID, NETWORK, IPC, UTS, TIME -> others.add(joined);
        }
    }

    /** Whether there are any. */
    boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * Where it says from {@link #open} on whether the cgroup namespace is the caller's own, not 0 if it is; if one is
     * joined.
     */
    Optional<Address> cgroupIsCallers() {
        return cgroupIsCallers;
    }

    /**
     * Where another descriptor of the namespace to join will be from {@link #open} on, for the shim to close: what was
     * looked at is what is used, and its path is not opened again, which may be a FIFO by then. To be called before.
     */
    public Address copyOf(Namespace.Type type) {
        Address copy = copies.get(type);
        if (copy == null) {
            copy = asm.space(Long.BYTES);
            copies.put(type, copy);
        }
        return copy;
    }

    /** In the shim: opens them all and makes sure that each is what it is taken for. */
    void open() {
        if (isEmpty()) {
            return;
        }
        Address statfs = asm.space(Statfs.SIZE);
        FileStatus status = new FileStatus(asm);
        DescriptorPath link = new DescriptorPath(asm, new byte[0], "");
        try (var _ = asm.scope()) {
            Register descriptor = asm.register("namespace");
            for (Joined joined : all) {
                open(joined, statfs, link, descriptor);
                copy(joined, descriptor);
                leaveOutOwn(joined, status, descriptor);
                asm.store(Width.LONG, joined.place(), descriptor);
            }
        }
    }

    /** To open a file of another kind than a namespace's can do something, to open it as a place (O_PATH) cannot. */
    private void open(Joined joined, Address statfs, DescriptorPath link, Register descriptor) {
        try (var _ = asm.scope()) {
            Register place = asm.register("place");
            Register type = asm.register("type");
            Label isNamespace = asm.label("a namespace");
            Label rightType = asm.label("the right type");
            String name = joined.type().specName();
            asm.source(joined.pointer(), "open the " + name + " namespace " + joined.path());
            asm.call(
                            Syscall.OPENAT,
                            value(OpenFlags.AT_FDCWD),
                            asm.string(joined.path()),
                            value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC))
                    .into(place);
            asm.call(Syscall.FSTATFS, place, statfs);
            asm.load(type, Width.LONG, statfs.plus(Statfs.TYPE));
            asm.branch(type, Condition.EQUAL, value(Statfs.NSFS_MAGIC), isNamespace);
            asm.source(joined.pointer(), joined.path() + " is not a namespace");
            asm.fail(Errno.EINVAL);
            asm.place(isNamespace);
            asm.source(joined.pointer(), "open the " + name + " namespace " + joined.path());
            link.write(place);
            asm.call(
                            Syscall.OPENAT,
                            value(OpenFlags.AT_FDCWD),
                            link.place(),
                            value(OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC))
                    .into(descriptor);
            asm.call(Syscall.CLOSE, place);
            asm.call(Syscall.IOCTL, descriptor, value(NamespaceFile.NS_GET_NSTYPE))
                    .into(type);
            asm.branch(type, Condition.EQUAL, value(NamespaceKind.flag(joined.type())), rightType);
            asm.source(joined.pointer(), joined.path() + " is a namespace of another type than " + name);
            asm.fail(Errno.EINVAL);
            asm.place(rightType);
        }
    }

    private void copy(Joined joined, Register descriptor) {
        Address copy = copies.get(joined.type());
        if (copy != null) {
            try (var _ = asm.scope()) {
                Register another = asm.register("copy");
                asm.call(Syscall.FCNTL, descriptor, value(FileControl.F_DUPFD_CLOEXEC), value(0))
                        .into(another);
                asm.store(Width.LONG, copy, another);
            }
        }
    }

    /**
     * To be where the caller is already takes no system call, which could fail: EINVAL for a user namespace, EPERM
     * without privileges.
     */
    private void leaveOutOwn(Joined joined, FileStatus status, Register descriptor) {
        try (var _ = asm.scope()) {
            Register inode = asm.register("inode");
            Register own = asm.register("own inode");
            Label another = asm.label("another namespace");
            asm.source(joined.pointer(), "compare " + joined.path() + " with the caller's own");
            status.of(descriptor);
            asm.load(inode, Width.LONG, status.field(Statx.INO));
            status.at(value(OpenFlags.AT_FDCWD), asm.string(NamespaceKind.ownFile(joined.type())), 0);
            asm.load(own, Width.LONG, status.field(Statx.INO));
            asm.branch(inode, Condition.NOT_EQUAL, own, another);
            if (made.isPresent()) {
                refuseOwn(joined, made.get());
            }
            if (joined.type() == Namespace.Type.CGROUP) {
                asm.store(Width.LONG, cgroupIsCallers.orElseThrow(), value(1));
            }
            asm.call(Syscall.CLOSE, descriptor);
            asm.move(descriptor, value(NOTHING_TO_ENTER));
            asm.place(another);
        }
    }

    /** What would be done to the caller's own namespace instead of the container's. */
    private void refuseOwn(Joined joined, Config config) {
        if (joined.type() == Namespace.Type.MOUNT) {
            asm.source(joined.pointer(), joined.path() + " is the caller's mount namespace, a container needs another");
            asm.fail(Errno.EINVAL);
        }
        if (joined.type() == Namespace.Type.UTS && config.hostname().isPresent()) {
            refuseChange("/hostname", joined);
        }
        if (joined.type() == Namespace.Type.UTS && config.domainname().isPresent()) {
            refuseChange("/domainname", joined);
        }
        for (String name : config.linux().sysctl().keySet()) {
            if (SysctlName.of(name).flatMap(SysctlName::namespace).equals(Optional.of(joined.type()))) {
                asm.source(Source.member("/linux/sysctl", name, wouldChange(joined)));
                asm.fail(Errno.EINVAL);
            }
        }
    }

    private void refuseChange(String pointer, Joined joined) {
        asm.source(pointer, wouldChange(joined));
        asm.fail(Errno.EINVAL);
    }

    private static String wouldChange(Joined joined) {
        return "the caller's own would change, since " + joined.path() + " is its "
                + joined.type().specName() + " namespace";
    }

    /** In the shim, when the one that enters them is there: it does not keep them alive. */
    void close() {
        try (var _ = asm.scope()) {
            Register descriptor = asm.register("namespace");
            for (Joined joined : all) {
                asm.source(joined.pointer(), "close the " + joined.type().specName() + " namespace");
                asm.load(descriptor, Width.LONG, joined.place());
                // EBADF: there was nothing to enter.
                asm.call(Syscall.CLOSE, descriptor).ignore(Errno.EBADF);
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
            for (Joined joined : others) {
                enter(joined);
            }
            return;
        }
        for (Joined joined : others) {
            tryToEnter(joined);
        }
        if (groups == Credentials.Groups.CONFIGURED) {
            asm.source(user.get().pointer(), "leave the caller's supplementary groups");
            dropGroups(asm);
        }
        enter(user.get());
        for (Joined joined : others) {
            enter(joined);
        }
    }

    /** What is to be entered may have given setgroups(2) up for good, so that they could not be dropped in there. */
    static void dropGroups(Assembler asm) {
        // EPERM: the caller may not, and what it may not drop outside it could not be rid of inside, either.
        asm.call(Syscall.SETGROUPS, value(0), value(0)).ignore(Errno.EPERM);
    }

    private void tryToEnter(Joined joined) {
        try (var _ = asm.scope()) {
            Register descriptor = asm.register("namespace");
            Label later = asm.label("enter it later");
            load(joined, descriptor);
            asm.branch(descriptor, Condition.LESS, value(0), later);
            asm.call(Syscall.SETNS, descriptor, value(NamespaceKind.flag(joined.type())))
                    .on(later, Errno.EPERM);
            asm.call(Syscall.CLOSE, descriptor);
            asm.store(Width.LONG, joined.place(), value(NOTHING_TO_ENTER));
            asm.place(later);
        }
    }

    private void enter(Joined joined) {
        try (var _ = asm.scope()) {
            Register descriptor = asm.register("namespace");
            Label entered = asm.label("entered");
            load(joined, descriptor);
            asm.branch(descriptor, Condition.LESS, value(0), entered);
            asm.call(Syscall.SETNS, descriptor, value(NamespaceKind.flag(joined.type())));
            if (joined.type() == Namespace.Type.USER) {
                try (var _ = asm.aside()) {
                    Concealment.ofInit(asm);
                }
            }
            asm.call(Syscall.CLOSE, descriptor);
            asm.place(entered);
        }
    }

    private void load(Joined joined, Register descriptor) {
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
