// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/**
 * A message of a Unix socket that has a descriptor with it: {@code struct msghdr} of sendmsg(2) and recvmsg(2), with one control message
 * (SCM_RIGHTS of unix(7), cmsg(3)).
 */
public final class DescriptorMessage {

    private static final int HEADER = 56;
    private static final int PARTS = 16;
    private static final int PART_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;

    /** CMSG_SPACE and CMSG_LEN of one descriptor. */
    private static final int CONTROL_SIZE = 24;

    /** CMSG_SPACE of {@code struct ucred}, which comes first where the receiver asks for it (SO_PASSCRED). */
    private static final int CREDENTIALS_SIZE = 32;

    private static final int RIGHTS_LENGTH = 20;
    private static final int LEVEL = 8;
    private static final int TYPE = 12;
    private static final int DESCRIPTOR = 16;

    private final Assembler asm;
    private final Address header;
    private final Address control;

    /**
     * @param parts a table of {@code struct iovec}: the bytes of the message
     * @param count how many
     */
    public DescriptorMessage(Assembler asm, Address parts, int count) {
        this.asm = asm;
        this.header = asm.bytes(new byte[HEADER]);
        this.control = asm.bytes(new byte[CREDENTIALS_SIZE + CONTROL_SIZE]);
        asm.point(header.plus(PARTS), parts);
        asm.point(header.plus(CONTROL), control);
        asm.store(Width.LONG, header.plus(PART_COUNT), value(count));
    }

    /** Sends it with {@code descriptor}; the returned call is the one that can fail. */
    public Assembler.Added send(Operand socket, Operand descriptor) {
        asm.store(Width.LONG, header.plus(CONTROL_LENGTH), value(CONTROL_SIZE));
        asm.store(Width.LONG, control, value(RIGHTS_LENGTH));
        asm.store(Width.INT, control.plus(LEVEL), value(SocketFlags.SOL_SOCKET));
        asm.store(Width.INT, control.plus(TYPE), value(SocketFlags.SCM_RIGHTS));
        asm.store(Width.INT, control.plus(DESCRIPTOR), descriptor);
        return asm.call(Syscall.SENDMSG, socket, header, value(SocketFlags.MSG_NOSIGNAL));
    }

    /** Receives one; {@code received =} the number of its bytes, 0 if the other side is gone. */
    public void receive(Operand socket, Register received) {
        asm.store(Width.LONG, header.plus(CONTROL_LENGTH), value(CREDENTIALS_SIZE + CONTROL_SIZE));
        asm.call(Syscall.RECVMSG, socket, header, value(SocketFlags.MSG_WAITALL | SocketFlags.MSG_CMSG_CLOEXEC))
                .into(received);
    }

    /** {@code descriptor =} what came with the message that was received; fails if nothing did. */
    public void load(Register descriptor) {
        try (var _ = asm.scope()) {
            Register begin = asm.register("rights");
            Register found = asm.register("control message");
            asm.move(begin, value(0));
            asm.load(found, Width.INT, control.plus(TYPE));
            try (var _ = asm.when(found, Condition.EQUAL, value(SocketFlags.SCM_CREDENTIALS), "the rights")) {
                asm.move(begin, value(CREDENTIALS_SIZE));
            }
            asm.load(found, Width.INT, control.plus(TYPE), begin);
            try (var _ = asm.when(found, Condition.NOT_EQUAL, value(SocketFlags.SCM_RIGHTS), "it has a descriptor")) {
                asm.fail(Errno.EBADMSG);
            }
            asm.load(descriptor, Width.INT, control.plus(DESCRIPTOR), begin);
        }
    }
}
