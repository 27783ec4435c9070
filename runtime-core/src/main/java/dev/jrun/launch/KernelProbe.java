// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Capability;
import dev.jrun.kernel.CloneFlags;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.NewerCall;
import dev.jrun.kernel.SeccompFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Report;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/**
 * Tries each {@link NewerCall} with arguments that have no effect, and reports {@link Tag#KERNEL} with their errors: a
 * call that complains about its arguments exists.
 */
public final class KernelProbe {

    private static final int CAPABILITY_DATA_SIZE = 24;

    /** No descriptor, no flag that is known, no command, no first descriptor that is open. */
    private static final Operand NOTHING = value(-1);

    private static final Operand NULL = value(0);

    private final Assembler asm;
    private final Map<NewerCall, Register> results = new EnumMap<>(NewerCall.class);
    private final Register capabilities;

    /** @param asm of the program that is to hold the probe */
    public KernelProbe(Assembler asm) {
        this.asm = asm;
        this.capabilities = asm.register("effective capabilities");
        for (NewerCall call : NewerCall.values()) {
            results.put(call, asm.register(call.callName()));
        }
    }

    public void assemble() {
        asm.source(Source.runtime("find out which system calls there are"));
        readCapabilities();
        clone3();
        call(NewerCall.OPENAT2, Syscall.OPENAT2, NOTHING, NULL, NULL, NULL);
        call(NewerCall.OPEN_TREE, Syscall.OPEN_TREE, NOTHING, NULL, NOTHING);
        call(NewerCall.MOVE_MOUNT, Syscall.MOVE_MOUNT, NOTHING, NULL, NOTHING, NULL, NOTHING);
        call(NewerCall.FSOPEN, Syscall.FSOPEN, NULL, NOTHING);
        call(NewerCall.FSCONFIG, Syscall.FSCONFIG, NOTHING, NULL, NULL, NULL, NULL);
        call(NewerCall.FSMOUNT, Syscall.FSMOUNT, NOTHING, NOTHING, NULL);
        call(NewerCall.MOUNT_SETATTR, Syscall.MOUNT_SETATTR, NOTHING, NULL, NOTHING, NULL, NULL);
        call(NewerCall.CLOSE_RANGE, Syscall.CLOSE_RANGE, value(1), NULL, NULL);
        call(
                NewerCall.CLOSE_RANGE_CLOEXEC,
                Syscall.CLOSE_RANGE,
                NOTHING,
                NOTHING,
                value(FileControl.CLOSE_RANGE_CLOEXEC));
        call(NewerCall.PIDFD_OPEN, Syscall.PIDFD_OPEN, NULL, NULL);
        call(NewerCall.PIDFD_SEND_SIGNAL, Syscall.PIDFD_SEND_SIGNAL, NOTHING, NULL, NULL, NULL);
        call(NewerCall.MEMFD_CREATE, Syscall.MEMFD_CREATE, NULL, NOTHING);
        call(NewerCall.EXECVEAT, Syscall.EXECVEAT, NOTHING, NULL, NULL, NULL, NULL);
        call(NewerCall.STATX, Syscall.STATX, NOTHING, NULL, NOTHING, NOTHING, NULL);
        call(NewerCall.KEYCTL, Syscall.KEYCTL, NOTHING, NULL, NULL, NULL, NULL);
        call(NewerCall.FACCESSAT2, Syscall.FACCESSAT2, NOTHING, NULL, NOTHING, NOTHING);
        call(
                NewerCall.SECCOMP_WAIT_KILLABLE_RECV,
                Syscall.SECCOMP,
                value(SeccompFlags.SECCOMP_SET_MODE_FILTER),
                value(SeccompFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
                        | SeccompFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER),
                NULL);
        List<Register> reported = new ArrayList<>(results.values());
        reported.add(capabilities);
        asm.tell(Tag.KERNEL.ordinal(), reported.toArray(Register[]::new));
    }

    /** An exit signal that does not exist keeps a kernel from making a process, after it has looked at the size. */
    private void clone3() {
        long[] fields = new long[CloneFlags.CLONE_ARGS_SIZE / Long.BYTES];
        fields[CloneFlags.CLONE_ARGS_EXIT_SIGNAL / Long.BYTES] = -1;
        fields[CloneFlags.CLONE_ARGS_CGROUP / Long.BYTES] = 1;
        call(NewerCall.CLONE3, Syscall.CLONE3, NULL, NULL);
        call(
                NewerCall.CLONE_INTO_CGROUP,
                Syscall.CLONE3,
                asm.bytes(Struct.ofLongs(fields)),
                value(CloneFlags.CLONE_ARGS_SIZE));
    }

    private void readCapabilities() {
        Address header = asm.bytes(Struct.ofInts(Capability.LINUX_CAPABILITY_VERSION_3, 0));
        Address data = asm.space(CAPABILITY_DATA_SIZE);
        asm.call(Syscall.CAPGET, header, data);
        asm.load(capabilities, Width.INT, data);
    }

    private void call(NewerCall call, Syscall syscall, Operand... arguments) {
        asm.call(syscall, arguments).into(results.get(call)).ignoreErrors();
    }

    /** What a {@link Tag#KERNEL} report of the program says. */
    KernelCalls result(Report.Yielded report) {
        boolean mayMount = (report.value(capabilities) & 1L << Capability.CAP_SYS_ADMIN.ordinal()) != 0;
        EnumSet<NewerCall> present = EnumSet.noneOf(NewerCall.class);
        for (NewerCall call : NewerCall.values()) {
            if (isPresent(call, -report.value(results.get(call)), mayMount)) {
                present.add(call);
            }
        }
        if (!present.contains(NewerCall.CLONE3)) {
            present.remove(NewerCall.CLONE_INTO_CGROUP);
        }
        return new KernelCalls(present);
    }

    private static boolean isPresent(NewerCall call, long errno, boolean mayMount) {
        if (errno == Errno.ENOSYS.number()) {
            return false;
        }
        if (errno == Errno.EPERM.number()) {
            return asksForPrivilegeFirst(call) && !mayMount;
        }
        return switch (call) {
            // copy_struct_from_user() of a kernel that knows a shorter structure; clone3(2).
            case CLONE_INTO_CGROUP -> errno != Errno.E2BIG.number();
            case CLOSE_RANGE_CLOEXEC, SECCOMP_WAIT_KILLABLE_RECV -> errno != Errno.EINVAL.number();
            default -> true;
        };
    }

    /** To a caller who may not mount, these say EPERM before they look at anything else. */
    private static boolean asksForPrivilegeFirst(NewerCall call) {
        return switch (call) {
            case MOVE_MOUNT, FSOPEN, FSMOUNT -> true;
            default -> false;
        };
    }
}
