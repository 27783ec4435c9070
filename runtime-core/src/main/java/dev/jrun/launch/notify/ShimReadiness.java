// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.notify;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import java.nio.file.Path;

/**
 * What the shim of a launch does about the readiness of the container, from before its birth until the service manager
 * is told.
 */
public final class ShimReadiness {

    private final Assembler asm;
    private final NotifySocket notify;
    private final ReadyWait wait;
    private final Address connection;

    /** @param state the container's, absolute */
    public ShimReadiness(Assembler asm, ServiceManager manager, Path state, Machine machine) {
        this.asm = asm;
        this.notify = new NotifySocket(asm, state, machine);
        this.wait = new ReadyWait(asm, manager);
        this.connection = asm.space(Long.BYTES);
    }

    /** The socket, or the place for it. */
    public NotifySocket socket() {
        return notify;
    }

    /** Makes the socket, before init's executable runs. */
    public void bind() {
        try (var _ = asm.scope()) {
            Register socket = asm.register("notify socket");
            notify.bind(socket);
            asm.store(Width.LONG, connection, socket);
        }
    }

    /** Waits before the shim ends, which leaves init alone. A failure is none: the container is complete. */
    public void awaitBeforeEnd(Operand pid) {
        try (var _ = asm.scope()) {
            Register socket = asm.register("notify socket");
            Register process = asm.register("pidfd");
            Label over = asm.label("over");
            asm.onFail(over);
            asm.load(socket, Width.LONG, connection);
            asm.call(Syscall.PIDFD_OPEN, pid, value(0)).into(process);
            wait.await(socket, process, pid);
            asm.place(over);
        }
    }

    /**
     * Waits before the shim does nothing but to supervise init.
     *
     * @param failed where failures go to afterwards
     */
    public void awaitSupervising(Operand pid, Label failed) {
        try (var _ = asm.scope()) {
            Register socket = asm.register("notify socket");
            asm.load(socket, Width.LONG, connection);
            wait.awaitSupervising(socket, pid, failed);
        }
    }

    /**
     * Has another process wait, while the shim relays init's terminal.
     *
     * @param terminal where the descriptor of that terminal is
     * @param failed where failures go to afterwards
     */
    public void awaitBeside(Operand pid, Address terminal, Label failed) {
        try (var _ = asm.scope()) {
            Register socket = asm.register("notify socket");
            asm.load(socket, Width.LONG, connection);
            wait.awaitBeside(socket, pid, terminal, failed);
        }
    }
}
