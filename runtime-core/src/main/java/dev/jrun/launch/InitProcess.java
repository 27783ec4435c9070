// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.CloneFlags;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.spec.Config;
import dev.jrun.spec.Namespace;
import java.nio.file.Path;

/** The container's first process: its birth, its namespaces and its cgroups. */
final class InitProcess {

    private final Assembler asm;
    private final Config config;
    private final Cgroups cgroups;
    private final InitBirth birth;

    InitProcess(Assembler asm, Config config, Cgroups cgroups, InitBirth birth) {
        this.asm = asm;
        this.config = config;
        this.cgroups = cgroups;
        this.birth = birth;
    }

    /** {@code pid =} the new process, which goes on at {@code inInit}. */
    void fork(Register pid, Label inInit) {
        asm.source("/linux/namespaces", "start init in its namespaces");
        birth.fork(pid, newNamespaces());
        asm.branch(pid, Condition.EQUAL, value(0), inInit);
    }

    /**
     * Joins the cgroups that it was not born in. On v1, a single-threaded process that writes "0" to {@code tasks} moves itself
     * without the global lock that {@code cgroup.procs} takes, which can cost a grace period of RCU each time.
     */
    void joinCgroups() {
        if (joinsUnified()) {
            join(cgroups.unified().orElseThrow(), "cgroup.procs");
        }
        for (Cgroups.Hierarchy hierarchy : cgroups.legacy()) {
            join(hierarchy.directory(), "tasks");
        }
        if (joinsLater() && asksFor(Namespace.Type.CGROUP)) {
            // Its root is the cgroup that a process is in at this moment, so it comes after joining.
            asm.source("/linux/namespaces", "enter a new cgroup namespace");
            asm.call(Syscall.UNSHARE, value(CloneFlags.CLONE_NEWCGROUP));
        }
    }

    private void join(Path cgroup, String member) {
        int mark = asm.registersInUse();
        Register members = asm.register(member);
        asm.source("/linux/cgroupsPath", "join the cgroup " + cgroup);
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        asm.string(cgroup.resolve(member).toString()),
                        value(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC))
                .into(members);
        asm.call(Syscall.WRITE, members, asm.string("0"), value(1));
        asm.call(Syscall.CLOSE, members);
        asm.release(mark);
    }

    private boolean joinsUnified() {
        return cgroups.unified().isPresent() && !birth.isIntoUnifiedCgroup();
    }

    private boolean joinsLater() {
        return joinsUnified() || !cgroups.legacy().isEmpty();
    }

    private long newNamespaces() {
        long flags = 0;
        for (Namespace namespace : config.linux().namespaces()) {
            flags |= switch (namespace.type()) {
                case PID -> CloneFlags.CLONE_NEWPID;
                case NETWORK -> CloneFlags.CLONE_NEWNET;
                case MOUNT -> CloneFlags.CLONE_NEWNS;
                case IPC -> CloneFlags.CLONE_NEWIPC;
                case UTS -> CloneFlags.CLONE_NEWUTS;
                case USER -> CloneFlags.CLONE_NEWUSER;
                case CGROUP -> joinsLater() ? 0 : CloneFlags.CLONE_NEWCGROUP;
                case TIME -> CloneFlags.CLONE_NEWTIME;
            };
        }
        return flags & ~InheritedNamespaces.flags(config);
    }

    boolean asksFor(Namespace.Type type) {
        return config.linux().namespace(type).isPresent();
    }
}
