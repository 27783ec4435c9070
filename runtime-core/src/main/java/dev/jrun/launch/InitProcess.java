// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.CloneFlags;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Namespace;

/** The birth of the container's first process: in its new namespaces and, on cgroup v2, in its cgroup at once. clone3(2). */
final class InitProcess {

    /** {@code struct clone_args} with the {@code cgroup} field of Linux 5.7. */
    private static final int CLONE_ARGS_SIZE = 88;

    private static final int CLONE_ARGS_EXIT_SIGNAL = 4;
    private static final int CLONE_ARGS_CGROUP = 80;

    private final Assembler asm;
    private final Linux linux;
    private final Cgroups cgroups;

    InitProcess(Assembler asm, Linux linux, Cgroups cgroups) {
        this.asm = asm;
        this.linux = linux;
        this.cgroups = cgroups;
    }

    /** {@code pid =} the new process, which goes on at {@code inInit}. */
    void fork(Register pid, Machine machine, Label inInit) {
        int mark = asm.registersInUse();
        Register cgroup = asm.register("cgroup");
        long[] fields = new long[CLONE_ARGS_SIZE / Long.BYTES];
        fields[0] = CloneFlags.CLONE_CLEAR_SIGHAND | newNamespaces();
        fields[CLONE_ARGS_EXIT_SIGNAL] = Signal.CHLD.number();
        if (cgroups.unified().isPresent()) {
            fields[0] |= CloneFlags.CLONE_INTO_CGROUP;
        }
        Address arguments = asm.bytes(Struct.ofLongs(fields));
        cgroups.unified().ifPresent(directory -> {
            asm.source("/linux/cgroupsPath", "open the cgroup " + directory);
            asm.call(
                            Syscall.OPENAT,
                            value(OpenFlags.AT_FDCWD),
                            asm.string(directory.toString()),
                            value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.directory(machine)))
                    .into(cgroup);
            asm.store(Width.LONG, arguments.plus(CLONE_ARGS_CGROUP), cgroup);
        });
        asm.source("/linux/namespaces", "start init in its namespaces");
        asm.call(Syscall.CLONE3, arguments, value(CLONE_ARGS_SIZE)).into(pid);
        asm.branch(pid, Condition.EQUAL, value(0), inInit);
        if (cgroups.unified().isPresent()) {
            asm.call(Syscall.CLOSE, cgroup);
        }
        asm.release(mark);
    }

    /**
     * Joins the cgroup v1 hierarchies. A single-threaded process that writes "0" to {@code tasks} moves itself without the
     * global lock that {@code cgroup.procs} takes, which can cost a grace period of RCU each time.
     */
    void joinLegacyCgroups() {
        int mark = asm.registersInUse();
        Register tasks = asm.register("tasks");
        for (Cgroups.Hierarchy hierarchy : cgroups.legacy()) {
            asm.source("/linux/cgroupsPath", "join the cgroup " + hierarchy.directory());
            asm.call(
                            Syscall.OPENAT,
                            value(OpenFlags.AT_FDCWD),
                            asm.string(hierarchy.directory().resolve("tasks").toString()),
                            value(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC))
                    .into(tasks);
            asm.call(Syscall.WRITE, tasks, asm.string("0"), value(1));
            asm.call(Syscall.CLOSE, tasks);
        }
        asm.release(mark);
        if (!cgroups.legacy().isEmpty() && asksFor(Namespace.Type.CGROUP)) {
            // Its root is the cgroup that a process is in at this moment, so it comes after joining.
            asm.source("/linux/namespaces", "enter a new cgroup namespace");
            asm.call(Syscall.UNSHARE, value(CloneFlags.CLONE_NEWCGROUP));
        }
    }

    private long newNamespaces() {
        long flags = 0;
        for (Namespace namespace : linux.namespaces()) {
            flags |= switch (namespace.type()) {
                case PID -> CloneFlags.CLONE_NEWPID;
                case NETWORK -> CloneFlags.CLONE_NEWNET;
                case MOUNT -> CloneFlags.CLONE_NEWNS;
                case IPC -> CloneFlags.CLONE_NEWIPC;
                case UTS -> CloneFlags.CLONE_NEWUTS;
                case USER -> CloneFlags.CLONE_NEWUSER;
                case CGROUP -> cgroups.legacy().isEmpty() ? CloneFlags.CLONE_NEWCGROUP : 0;
                case TIME -> CloneFlags.CLONE_NEWTIME;
            };
        }
        return flags;
    }

    boolean asksFor(Namespace.Type type) {
        return linux.namespace(type).isPresent();
    }

    /** Closes all descriptors from {@code first} on, so that none of the host's is within reach (CVE-2024-21626). */
    void closeFrom(Operand first) {
        asm.source(Source.runtime("close every descriptor of the host"));
        asm.call(Syscall.CLOSE_RANGE, first, value(0xFFFF_FFFFL), value(0));
    }
}
