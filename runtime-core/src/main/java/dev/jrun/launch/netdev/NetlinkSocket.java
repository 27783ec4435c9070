// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.netdev;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Netlink;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Struct;

/**
 * A socket of rtnetlink(7). It belongs to the network namespace in which it was opened, and keeps it alive. The
 * kernel's answer to a request decides whether it fails, with the kernel's errno.
 */
final class NetlinkSocket {

    /** Room for the largest datagram of a dump: the kernel makes none larger than a reader's buffer, up to this. */
    static final int ANSWER = 32 << 10;

    /** What a u32 that holds a negative errno is taken from to make it positive. */
    private static final long TWO_TO_THE_32 = 1L << 32;

    private final Assembler asm;
    private final Register socket;
    private final Address answer;

    /** @param answer room of {@link #ANSWER} bytes, which several sockets may share */
    NetlinkSocket(Assembler asm, String name, Address answer) {
        this.asm = asm;
        this.socket = asm.register(name);
        this.answer = answer;
    }

    /** Opens it in the present network namespace. */
    void open() {
        asm.call(
                        Syscall.SOCKET,
                        value(SocketFlags.AF_NETLINK),
                        value(SocketFlags.SOCK_RAW | SocketFlags.SOCK_CLOEXEC),
                        value(Netlink.NETLINK_ROUTE))
                .into(socket);
    }

    void close() {
        asm.call(Syscall.CLOSE, socket);
    }

    /** A request of netdevice(7), which any socket takes. */
    Assembler.Added control(long request, Address argument) {
        return asm.call(Syscall.IOCTL, socket, value(request), argument);
    }

    /** Has dumps be of what the request names, not of everything; Linux 4.20. */
    void filterDumps() {
        asm.call(
                Syscall.SETSOCKOPT,
                socket,
                value(Netlink.SOL_NETLINK),
                value(Netlink.NETLINK_GET_STRICT_CHK),
                asm.bytes(Struct.ofInts(1)),
                value(Integer.BYTES));
    }

    /** Makes a request and has its answer. */
    void request(Message message) {
        try (var _ = asm.scope()) {
            Register length = asm.register("length");
            send(message);
            receive(length);
            failIfRefused();
        }
    }

    /** Sends a request whose answers are received by {@link #receive}. */
    void send(Message message) {
        asm.call(Syscall.SENDTO, socket, message.place(), value(message.length()), value(0), value(0), value(0));
    }

    /** Receives one datagram of answers; {@code length =} its size. */
    void receive(Register length) {
        asm.call(Syscall.RECVFROM, socket, answer, value(ANSWER), value(0), value(0), value(0))
                .into(length)
                .retry();
    }

    private void failIfRefused() {
        try (var _ = asm.scope()) {
            Register result = asm.register("result");
            Label done = asm.label("request done");
            asm.load(result, Width.SHORT, answer.plus(NetlinkMessage.TYPE));
            asm.branch(result, Condition.NOT_EQUAL, value(Netlink.NLMSG_ERROR), done);
            asm.load(result, Width.INT, answer.plus(NetlinkMessage.ERROR));
            asm.branch(result, Condition.EQUAL, value(0), done);
            asm.compute(result, value(TWO_TO_THE_32), Operation.SUBTRACT, result);
            asm.fail(result);
            asm.place(done);
        }
    }

    /** Drops an answer that was not received, after a failure, so that the next one is the next request's. */
    void dropAnswer() {
        asm.call(Syscall.RECVFROM, socket, answer, value(ANSWER), value(SocketFlags.MSG_DONTWAIT), value(0), value(0))
                .ignoreErrors();
    }

    /** Asks for a device by its name: {@code index =} its index, after which its flags can be loaded, too. */
    void find(Message query, Register index) {
        request(query);
        asm.load(index, Width.INT, answer.plus(NetlinkMessage.INDEX));
    }

    /** {@code flags =} those of the device that was found last, IFF_ of netdevice(7). */
    void loadFlags(Register flags) {
        asm.load(flags, Width.INT, answer.plus(NetlinkMessage.DEVICE_FLAGS));
    }

    /** Fails with EEXIST if there is a device that {@code query} asks for. */
    void failIfFound(Message query) {
        try (var _ = asm.scope()) {
            Register type = asm.register("type");
            send(query);
            receive(type);
            asm.load(type, Width.SHORT, answer.plus(NetlinkMessage.TYPE));
            try (var _ = asm.when(type, Condition.NOT_EQUAL, value(Netlink.NLMSG_ERROR), "no such device")) {
                asm.fail(Errno.EEXIST);
            }
        }
    }

    /** A request in the image. */
    record Message(Address place, int length) {
        static Message of(Assembler asm, byte[] bytes) {
            return new Message(asm.bytes(bytes), bytes.length);
        }

        /** Says which device it is about. */
        Message about(Assembler asm, Register index) {
            asm.store(Width.INT, place.plus(NetlinkMessage.INDEX), index);
            return this;
        }
    }
}
