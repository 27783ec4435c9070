// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Capability;
import dev.jrun.kernel.SeccompFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.child.Message;
import dev.jrun.launch.part.CallerRights;
import dev.jrun.launch.part.Concealment;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Register;
import dev.jrun.seccomp.SeccompFilter;
import dev.jrun.spec.Process;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * {@code linux.seccomp}: init loads the filter when all else is done, so that a profile needs no system call for jrun's
 * sake but execve(2), and capset(2) without {@code noNewPrivileges}: there loading takes CAP_SYS_ADMIN, which init
 * holds, permitted but not effective, until then. startContainer hooks run under the filter, as with runc. seccomp(2).
 */
public final class SeccompLoading {

    private static final String POINTER = "/linux/seccomp";

    /** {@code struct sock_fprog}. */
    private static final int FILTER_PROGRAM_SIZE = 16;

    private static final int FILTER_PROGRAM_POINTER = 8;

    private final Assembler asm;
    private final Process process;
    private final Optional<SeccompFilter> filter;
    private final CallerRights rights;

    public SeccompLoading(Assembler asm, Process process, Optional<SeccompFilter> filter, CallerRights rights) {
        this.asm = asm;
        this.process = process;
        this.filter = filter;
        this.rights = rights;
    }

    /** The capabilities that init has to hold until it has loaded the filter, 1 &lt;&lt; number each. */
    public long heldCapabilities() {
        return isPrivileged() ? 1L << Capability.CAP_SYS_ADMIN.ordinal() : 0;
    }

    private boolean isPrivileged() {
        return filter.isPresent() && !process.noNewPrivileges();
    }

    /** Loads the filter, and hands its listener, if it has one, to whoever is behind {@code reporter}. */
    public void load(Message report, Register reporter) {
        if (filter.isEmpty()) {
            return;
        }
        try (var _ = asm.scope()) {
            Register listener = asm.register("listener");
            if (isPrivileged()) {
                Credentials.use(asm, process, heldCapabilities());
            }
            if (filter.get().hasListener() && !rights.traces()) {
                // pidfd_getfd(2) asks for what ptrace(2) does. Who may trace init then has its capabilities.
                asm.source(POINTER, "let the shim take the listener");
                Concealment.end(asm);
            }
            asm.source(POINTER, "load the filter of " + filter.get().length() + " instructions");
            asm.call(
                            Syscall.SECCOMP,
                            value(SeccompFlags.SECCOMP_SET_MODE_FILTER),
                            value(filter.get().flags()),
                            program(filter.get()))
                    .into(listener);
            if (filter.get().hasListener()) {
                handOver(report, reporter, listener);
            }
            if (isPrivileged()) {
                Credentials.release(asm, process);
            }
        }
    }

    private Address program(SeccompFilter loaded) {
        ByteBuffer header = ByteBuffer.allocate(FILTER_PROGRAM_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort((short) loaded.length());
        Address program = asm.bytes(header.array());
        asm.point(program.plus(FILTER_PROGRAM_POINTER), asm.bytes(loaded.instructions()));
        return program;
    }

    /** The shim takes the descriptor itself: which calls the filter allows to send one is not known. */
    private void handOver(Message report, Register reporter, Register listener) {
        try (var _ = asm.scope()) {
            Register received = asm.register("received");
            asm.source(POINTER + "/listenerPath", "hand the listener over");
            report.sendListener(reporter, listener);
            asm.call(Syscall.READ, reporter, asm.space(1), value(1)).into(received);
            try (var _ = asm.when(received, Condition.EQUAL, value(0), "taken")) {
                asm.exit(1);
            }
        }
    }
}
