// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;
import java.nio.file.Path;

/**
 * {@code --pidfd-socket}: sends a pidfd of the container's process to this socket before its executable runs, in one
 * message as runc sends it, and closes the connection. pidfd_open(2), SCM_RIGHTS of unix(7).
 */
public final class PidfdHandover {

    private final Assembler asm;
    private final Path socket;
    private final Machine machine;
    private final String text;
    private final Address connection;

    /**
     * @param socket absolute
     * @param text what the message says: runc's word for the kind of process
     */
    public PidfdHandover(Assembler asm, Path socket, Machine machine, String text) {
        this.asm = asm;
        this.socket = socket;
        this.machine = machine;
        this.text = text;
        this.connection = asm.space(Long.BYTES);
    }

    /** Finds out whether somebody listens, before there is a process. */
    public void connect() {
        try (var _ = asm.scope()) {
            Register connected = asm.register("pidfd socket");
            asm.source(Source.runtime("connect to the pidfd socket " + socket));
            new SocketAddress(asm, socket, machine).connect(connected);
            asm.store(Width.LONG, connection, connected);
        }
    }

    /** Sends that of {@code pid}, a child that nobody has waited for: so it cannot be another process's. */
    public void send(Operand pid) {
        try (var _ = asm.scope()) {
            Register connected = asm.register("pidfd socket");
            Register process = asm.register("pidfd");
            asm.source(Source.runtime("send a pidfd to the pidfd socket " + socket));
            asm.load(connected, Width.LONG, connection);
            asm.call(Syscall.PIDFD_OPEN, pid, value(0)).into(process);
            Address part = asm.bytes(Struct.ofLongs(0, text.length()));
            asm.point(part, asm.string(text));
            new DescriptorMessage(asm, part, 1).send(connected, process);
            asm.call(Syscall.CLOSE, connected);
            asm.call(Syscall.CLOSE, process);
        }
    }
}
