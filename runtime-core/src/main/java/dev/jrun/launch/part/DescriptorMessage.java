// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.SocketMessage;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/**
 * A message of a Unix socket that has a descriptor with it: {@code struct msghdr} of sendmsg(2) and recvmsg(2), with
 * one control message (SCM_RIGHTS of unix(7), cmsg(3)).
 */
public final class DescriptorMessage {

    private final Assembler asm;
    private final Address header;
    private final Address control;

    /**
     * @param parts a table of {@code struct iovec}: the bytes of the message
     * @param count how many
     */
    public DescriptorMessage(Assembler asm, Address parts, int count) {
        this.asm = asm;
        this.header = asm.bytes(new byte[SocketMessage.SIZE]);
        this.control = asm.bytes(new byte[SocketMessage.CREDENTIALS_SPACE + SocketMessage.RIGHTS_SPACE]);
        asm.point(header.plus(SocketMessage.PARTS), parts);
        asm.point(header.plus(SocketMessage.CONTROL), control);
        asm.store(Width.LONG, header.plus(SocketMessage.PART_COUNT), value(count));
    }

    /** Sends it with {@code descriptor}; the returned call is the one that can fail. */
    public Assembler.Added send(Operand socket, Operand descriptor) {
        asm.store(Width.LONG, header.plus(SocketMessage.CONTROL_LENGTH), value(SocketMessage.RIGHTS_SPACE));
        asm.store(Width.LONG, control, value(SocketMessage.RIGHTS_LENGTH));
        asm.store(Width.INT, control.plus(SocketMessage.CONTROL_LEVEL), value(SocketFlags.SOL_SOCKET));
        asm.store(Width.INT, control.plus(SocketMessage.CONTROL_TYPE), value(SocketFlags.SCM_RIGHTS));
        asm.store(Width.INT, control.plus(SocketMessage.CONTROL_DATA), descriptor);
        return asm.call(Syscall.SENDMSG, socket, header, value(SocketFlags.MSG_NOSIGNAL));
    }

    /**
     * Receives one; {@code received =} the number of its bytes, 0 if the other side is gone. The returned call is the
     * one that can fail.
     */
    public Assembler.Added receive(Operand socket, Register received) {
        asm.store(
                Width.LONG,
                header.plus(SocketMessage.CONTROL_LENGTH),
                value(SocketMessage.CREDENTIALS_SPACE + SocketMessage.RIGHTS_SPACE));
        return asm.call(Syscall.RECVMSG, socket, header, value(SocketFlags.MSG_WAITALL | SocketFlags.MSG_CMSG_CLOEXEC))
                .into(received);
    }

    /** {@code descriptor =} what came with the message that was received; fails if nothing did. */
    public void load(Register descriptor) {
        try (var _ = asm.scope()) {
            Register begin = asm.register("rights");
            Register found = asm.register("control message");
            asm.move(begin, value(0));
            asm.load(found, Width.INT, control.plus(SocketMessage.CONTROL_TYPE));
            try (var _ = asm.when(found, Condition.EQUAL, value(SocketFlags.SCM_CREDENTIALS), "the rights")) {
                asm.move(begin, value(SocketMessage.CREDENTIALS_SPACE));
            }
            asm.load(found, Width.INT, control.plus(SocketMessage.CONTROL_TYPE), begin);
            try (var _ = asm.when(found, Condition.NOT_EQUAL, value(SocketFlags.SCM_RIGHTS), "it has a descriptor")) {
                asm.fail(Errno.EBADMSG);
            }
            asm.load(descriptor, Width.INT, control.plus(SocketMessage.CONTROL_DATA), begin);
        }
    }
}
