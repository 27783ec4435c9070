// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.terminal;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.DescriptorMessage;
import dev.jrun.launch.part.SocketAddress;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;
import java.nio.file.Path;

/**
 * {@code --console-socket}: what the shim does with the master side of a terminal that a process of the container has
 * made. It is sent as runc sends it, in one message (SCM_RIGHTS of unix(7)) with the name of the device, and the
 * connection is closed.
 */
public final class MasterHandover {

    /** Conmon logs it. */
    private static final String NAME = "/dev/ptmx";

    private final Assembler asm;
    private final Path socket;
    private final Machine machine;
    private final Address connection;

    public MasterHandover(Assembler asm, Path socket, Machine machine) {
        this.asm = asm;
        this.socket = socket;
        this.machine = machine;
        this.connection = asm.space(Long.BYTES);
    }

    /** Finds out whether somebody listens, before much is done. */
    public void connect() {
        try (var _ = asm.scope()) {
            Register connected = asm.register("console socket");
            asm.source(Source.runtime("connect to the console socket " + socket));
            new SocketAddress(asm, socket, machine).connect(connected);
            asm.store(Width.LONG, connection, connected);
        }
    }

    /** Sends {@code master}, and lets go of it. */
    public void send(Register master) {
        try (var _ = asm.scope()) {
            Register connected = asm.register("console socket");
            asm.source(Source.runtime("send the terminal to the console socket " + socket));
            asm.load(connected, Width.LONG, connection);
            Address part = asm.bytes(Struct.ofLongs(0, NAME.length()));
            asm.point(part, asm.string(NAME));
            new DescriptorMessage(asm, part, 1).send(connected, master);
            asm.call(Syscall.CLOSE, connected);
            asm.call(Syscall.CLOSE, master);
        }
    }
}
