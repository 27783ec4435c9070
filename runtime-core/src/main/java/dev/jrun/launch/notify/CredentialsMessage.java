// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.notify;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.SocketMessage;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/**
 * A message sent in the name of another process of the same user: SCM_CREDENTIALS of unix(7), {@code struct msghdr} of
 * sendmsg(2), cmsg(3).
 */
final class CredentialsMessage {

    /** {@code struct ucred}. */
    private static final int PID = SocketMessage.CONTROL_DATA;

    private static final int UID = PID + Integer.BYTES;
    private static final int GID = UID + Integer.BYTES;

    private final Assembler asm;
    private final Address part;
    private final Address control;
    private final Address header;

    /** @param text where the message is */
    CredentialsMessage(Assembler asm, Address text) {
        this.asm = asm;
        this.part = asm.bytes(new byte[2 * Long.BYTES]);
        this.control = asm.bytes(new byte[SocketMessage.CREDENTIALS_SPACE]);
        this.header = asm.bytes(new byte[SocketMessage.SIZE]);
        asm.point(part, text);
        asm.point(header.plus(SocketMessage.PARTS), part);
        asm.point(header.plus(SocketMessage.CONTROL), control);
    }

    /** Sends it as {@code sender}, or as this process where it may not; the returned call is the last that can fail. */
    Assembler.Added send(Operand socket, Register length, Operand sender) {
        Label sent = asm.label("sent");
        asm.store(Width.LONG, part.plus(Long.BYTES), length);
        asm.store(Width.LONG, header.plus(SocketMessage.PART_COUNT), value(1));
        asm.store(Width.LONG, header.plus(SocketMessage.CONTROL_LENGTH), value(SocketMessage.CREDENTIALS_SPACE));
        asm.store(Width.LONG, control, value(SocketMessage.CREDENTIALS_LENGTH));
        asm.store(Width.INT, control.plus(SocketMessage.CONTROL_LEVEL), value(SocketFlags.SOL_SOCKET));
        asm.store(Width.INT, control.plus(SocketMessage.CONTROL_TYPE), value(SocketFlags.SCM_CREDENTIALS));
        asm.store(Width.INT, control.plus(PID), sender);
        storeOwn(Syscall.GETUID, UID);
        storeOwn(Syscall.GETGID, GID);
        Label notAllowed = asm.label("in its own name");
        send(socket).on(notAllowed, Errno.EPERM);
        asm.go(sent);
        asm.place(notAllowed);
        asm.store(Width.LONG, header.plus(SocketMessage.CONTROL_LENGTH), value(0));
        Assembler.Added last = send(socket);
        asm.place(sent);
        return last;
    }

    private Assembler.Added send(Operand socket) {
        return asm.call(Syscall.SENDMSG, socket, header, value(SocketFlags.MSG_NOSIGNAL));
    }

    private void storeOwn(Syscall call, int field) {
        try (var _ = asm.scope()) {
            Register id = asm.register("id");
            asm.call(call).into(id);
            asm.store(Width.INT, control.plus(field), id);
        }
    }
}
