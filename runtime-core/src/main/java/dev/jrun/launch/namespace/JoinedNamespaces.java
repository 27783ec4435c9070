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
import dev.jrun.launch.part.FileStatus;
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
 * before anything is entered; init or its forerunner enters them ({@link NamespaceEntry}).
 */
public final class JoinedNamespaces {

    private final Assembler asm;
    private final Optional<Config> made;
    private final List<JoinedNamespace> all = new ArrayList<>();
    private Optional<Address> cgroupIsCallers = Optional.empty();

    /** Where descriptors are that {@link #copyOf} was asked for. */
    private final Map<Namespace.Type, Address> copies = new EnumMap<>(Namespace.Type.class);

    /** Of a container that is made in them. */
    public JoinedNamespaces(Assembler asm, Config config) {
        this.asm = asm;
        this.made = Optional.of(config);
        List<Namespace> namespaces = config.linux().namespaces();
        for (int i = 0; i < namespaces.size(); i++) {
            Namespace namespace = namespaces.get(i);
            if (namespace.path().isPresent()) {
                add(new JoinedNamespace(i, namespace.type(), namespace.path().get(), asm.space(Long.BYTES)));
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
            add(new JoinedNamespace(i, type, KernelNamespace.file(init, type), asm.space(Long.BYTES)));
        }
    }

    private void add(JoinedNamespace joined) {
        all.add(joined);
        if (joined.type() == Namespace.Type.CGROUP) {
            cgroupIsCallers = Optional.of(asm.space(Long.BYTES));
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
            for (JoinedNamespace joined : all) {
                open(joined, statfs, link, descriptor);
                copy(joined, descriptor);
                leaveOutOwn(joined, status, descriptor);
                asm.store(Width.LONG, joined.place(), descriptor);
            }
        }
    }

    /** To open a file of another kind than a namespace's can do something, to open it as a place (O_PATH) cannot. */
    private void open(JoinedNamespace joined, Address statfs, DescriptorPath link, Register descriptor) {
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
            link.open(place, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC).into(descriptor);
            asm.call(Syscall.CLOSE, place);
            asm.call(Syscall.IOCTL, descriptor, value(NamespaceFile.NS_GET_NSTYPE))
                    .into(type);
            asm.branch(type, Condition.EQUAL, value(KernelNamespace.flag(joined.type())), rightType);
            asm.source(joined.pointer(), joined.path() + " is a namespace of another type than " + name);
            asm.fail(Errno.EINVAL);
            asm.place(rightType);
        }
    }

    private void copy(JoinedNamespace joined, Register descriptor) {
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
    private void leaveOutOwn(JoinedNamespace joined, FileStatus status, Register descriptor) {
        try (var _ = asm.scope()) {
            Register inode = asm.register("inode");
            Register own = asm.register("own inode");
            Label another = asm.label("another namespace");
            asm.source(joined.pointer(), "compare " + joined.path() + " with the caller's own");
            status.of(descriptor);
            asm.load(inode, Width.LONG, status.field(Statx.INO));
            status.at(value(OpenFlags.AT_FDCWD), asm.string(KernelNamespace.ownFile(joined.type())), 0);
            asm.load(own, Width.LONG, status.field(Statx.INO));
            asm.branch(inode, Condition.NOT_EQUAL, own, another);
            if (made.isPresent()) {
                refuseOwn(joined, made.get());
            }
            if (joined.type() == Namespace.Type.CGROUP) {
                asm.store(Width.LONG, cgroupIsCallers.orElseThrow(), value(1));
            }
            asm.call(Syscall.CLOSE, descriptor);
            asm.move(descriptor, value(JoinedNamespace.NOTHING_TO_ENTER));
            asm.place(another);
        }
    }

    /** What would be done to the caller's own namespace instead of the container's. */
    private void refuseOwn(JoinedNamespace joined, Config config) {
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

    private void refuseChange(String pointer, JoinedNamespace joined) {
        asm.source(pointer, wouldChange(joined));
        asm.fail(Errno.EINVAL);
    }

    private static String wouldChange(JoinedNamespace joined) {
        return "the caller's own would change, since " + joined.path() + " is its "
                + joined.type().specName() + " namespace";
    }

    /** In the shim, when the one that enters them is there: it does not keep them alive. */
    void close() {
        try (var _ = asm.scope()) {
            Register descriptor = asm.register("namespace");
            for (JoinedNamespace joined : all) {
                asm.source(joined.pointer(), "close the " + joined.type().specName() + " namespace");
                asm.load(descriptor, Width.LONG, joined.place());
                // EBADF: there was nothing to enter.
                asm.call(Syscall.CLOSE, descriptor).ignore(Errno.EBADF);
            }
        }
    }

    /** What enters them, in another process. */
    NamespaceEntry entry() {
        return new NamespaceEntry(asm, all);
    }
}
