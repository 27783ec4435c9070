// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.notify;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/** A message in the name of another process of the same user: SCM_CREDENTIALS of unix(7), {@code struct msghdr} of sendmsg(2), cmsg(3). */
final class CredentialsMessage {

    private static final int HEADER = 56;
    private static final int PARTS = 16;
    private static final int PART_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;

    /** CMSG_SPACE and CMSG_LEN of {@code struct ucred}. */
    private static final int CONTROL_SIZE = 32;

    private static final int CREDENTIALS_LENGTH = 28;
    private static final int LEVEL = 8;
    private static final int TYPE = 12;
    private static final int PID = 16;
    private static final int UID = 20;
    private static final int GID = 24;

    private final Assembler asm;
    private final Address part;
    private final Address control;
    private final Address header;

    /** @param text where the message is */
    CredentialsMessage(Assembler asm, Address text) {
        this.asm = asm;
        this.part = asm.bytes(new byte[2 * Long.BYTES]);
        this.control = asm.bytes(new byte[CONTROL_SIZE]);
        this.header = asm.bytes(new byte[HEADER]);
        asm.point(part, text);
        asm.point(header.plus(PARTS), part);
        asm.point(header.plus(CONTROL), control);
    }

    /** Sends it as {@code sender}, or as this process where it may not; the returned call is the last that can fail. */
    Assembler.Added send(Operand socket, Register length, Operand sender) {
        Label sent = asm.label("sent");
        asm.store(Width.LONG, part.plus(Long.BYTES), length);
        asm.store(Width.LONG, header.plus(PART_COUNT), value(1));
        asm.store(Width.LONG, header.plus(CONTROL_LENGTH), value(CONTROL_SIZE));
        asm.store(Width.LONG, control, value(CREDENTIALS_LENGTH));
        asm.store(Width.INT, control.plus(LEVEL), value(SocketFlags.SOL_SOCKET));
        asm.store(Width.INT, control.plus(TYPE), value(SocketFlags.SCM_CREDENTIALS));
        asm.store(Width.INT, control.plus(PID), sender);
        storeOwn(Syscall.GETUID, UID);
        storeOwn(Syscall.GETGID, GID);
        Label notAllowed = asm.label("in its own name");
        send(socket).on(notAllowed, Errno.EPERM);
        asm.go(sent);
        asm.place(notAllowed);
        asm.store(Width.LONG, header.plus(CONTROL_LENGTH), value(0));
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
