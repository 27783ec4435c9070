// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.CloneFlags;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.Concealment;
import dev.jrun.launch.part.IdMaps;
import dev.jrun.launch.process.Credentials;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.ProcessPath;
import dev.jrun.program.Register;
import dev.jrun.spec.IdMapping;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Namespace;
import java.util.List;

/**
 * The container's user namespace, if it has one: {@code linux.uidMappings} and {@code linux.gidMappings}, and init as
 * its root. user_namespaces(7).
 */
public final class UserNamespace {

    private static final long WRITING = OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC;

    private final Assembler asm;
    private final Linux linux;

    public UserNamespace(Assembler asm, Linux linux) {
        this.asm = asm;
        this.linux = linux;
    }

    /** Whether the container is in another user namespace than its caller. */
    public boolean isPresent() {
        return linux.namespace(Namespace.Type.USER).isPresent();
    }

    /** Whether it is new, so that it needs to be mapped. */
    public boolean isNew() {
        return linux.makes(Namespace.Type.USER);
    }

    /**
     * In the shim, which has the rights that it takes outside: maps the ids of init's user namespace. Without
     * CAP_SETGID a group can be mapped only after setgroups(2) is given up for good, which otherwise could take a group
     * away that forbids something.
     */
    public void map(Register pid) {
        try (var _ = asm.scope()) {
            Register file = asm.register("map");
            Label denied = asm.label("group map denied");
            Label mapped = asm.label("mapped");
            byte[] users = IdMaps.text(linux.uidMappings());
            byte[] groups = IdMaps.text(linux.gidMappings());
            ProcessPath groupMap = new ProcessPath(asm, "gid_map");
            Address groupText = asm.bytes(groups);
            asm.source("/linux/uidMappings", "map user ids: " + describe(linux.uidMappings()));
            new ProcessPath(asm, "uid_map").open(pid, WRITING).into(file);
            asm.call(Syscall.WRITE, file, asm.bytes(users), value(users.length));
            asm.call(Syscall.CLOSE, file);
            asm.source("/linux/gidMappings", "map group ids: " + describe(linux.gidMappings()));
            groupMap.open(pid, WRITING).into(file);
            asm.call(Syscall.WRITE, file, groupText, value(groups.length)).on(denied, Errno.EPERM);
            asm.call(Syscall.CLOSE, file);
            asm.go(mapped);
            asm.place(denied);
            asm.call(Syscall.CLOSE, file);
            new ProcessPath(asm, "setgroups").open(pid, WRITING).into(file);
            asm.call(Syscall.WRITE, file, asm.string("deny"), value("deny".length()));
            asm.call(Syscall.CLOSE, file);
            groupMap.open(pid, WRITING).into(file);
            asm.call(Syscall.WRITE, file, groupText, value(groups.length));
            asm.call(Syscall.CLOSE, file);
            asm.place(mapped);
        }
    }

    private static String describe(List<IdMapping> mappings) {
        StringBuilder text = new StringBuilder();
        for (IdMapping mapping : mappings) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(mapping.size())
                    .append(" from ")
                    .append(mapping.containerID())
                    .append(" to ")
                    .append(mapping.hostID());
        }
        return text.toString();
    }

    /**
     * In init: becomes the namespace's root, which all that is made of the root file system then belongs to. It still
     * was the caller's user until here, who has no id in there.
     */
    public void becomeRoot(Credentials.Groups groups) {
        becomeRootBeside(groups);
        if (linux.makes(Namespace.Type.IPC)) {
            asm.source("/linux/namespaces", "enter a new ipc namespace");
            asm.call(Syscall.UNSHARE, value(CloneFlags.CLONE_NEWIPC));
        }
    }

    /** Likewise, in a process that has joined the namespaces of an init that has done so. */
    public void becomeRootBeside(Credentials.Groups groups) {
        asm.source("/linux/namespaces", "become root of the user namespace");
        if (groups == Credentials.Groups.CONFIGURED) {
            // EPERM: setgroups(2) was given up to map groups; then there are none to drop but the caller's own.
            asm.call(Syscall.SETGROUPS, value(0), value(0)).ignore(Errno.EPERM);
        }
        asm.call(Syscall.SETRESGID, value(0), value(0), value(0));
        asm.call(Syscall.SETRESUID, value(0), value(0), value(0));
        Concealment.ofInit(asm);
    }

    /**
     * The new namespaces that init makes itself once it is root: what is in a file system of POSIX message queues
     * belongs to who made it. CLONE_ flags of clone(2).
     */
    long namespacesOfRoot() {
        return isPresent() ? CloneFlags.CLONE_NEWIPC : 0;
    }
}
