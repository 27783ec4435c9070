// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.child;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.DescriptorMessage;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Range;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Struct;

/**
 * What init tells its parent, or the shim of {@code start}, over a stream socket: a head of {@code u32 kind},
 * {@code u32 errno}, {@code u32 instruction}, {@code u32 length}, then that many bytes.
 */
public final class Message {

    /** The most bytes of what failed, in words of the kernel or of a hook. */
    public static final int MAX_DIAGNOSIS = 496;

    public static final int HEAD = 16;
    static final long KIND_FAILED = 1;
    /** Init lives; the body is its /etc/passwd. */
    public static final long KIND_BORN = 2;

    /** Init does not go on before the hooks are done that run in the runtime's namespaces. */
    public static final long KIND_AWAITS_HOOKS = 3;

    /** Init lives beside the process that the shim made, and is who says so. */
    public static final long KIND_SUCCEEDED = 4;

    /**
     * Init has loaded a filter; its head has the number of the descriptor that gets notifications in place of an errno.
     */
    public static final long KIND_LISTENER = 5;

    /** Init does not go on before it is scheduled by who is outside of its user namespace. */
    public static final long KIND_AWAITS_SCHEDULING = 6;

    /** With the master side of the process's terminal. */
    public static final long KIND_TERMINAL = 7;

    private static final int ERRNO = 4;
    private static final int INSTRUCTION = 8;
    private static final int LENGTH = 12;

    private final Assembler asm;
    private final Address place;
    private final int capacity;

    /** @param capacity the most bytes that follow a head */
    public Message(Assembler asm, int capacity) {
        this.asm = asm;
        this.capacity = capacity;
        this.place = asm.space(HEAD + capacity);
    }

    /** Where the bytes behind the head are. */
    public Address body() {
        return place.plus(HEAD);
    }

    public int capacity() {
        return capacity;
    }

    /** Sends a message with the first {@code length} bytes of the body. */
    public void send(Operand socket, long kind, Operand length) {
        try (var _ = asm.scope()) {
            Register total = asm.register("total");
            asm.store(Width.INT, place, value(kind));
            asm.store(Width.INT, place.plus(LENGTH), length);
            asm.compute(total, length, Operation.ADD, value(HEAD));
            asm.call(Syscall.SENDTO, socket, place, total, value(SocketFlags.MSG_NOSIGNAL), value(0), value(0));
        }
    }

    /** Sends a head alone, and {@code descriptor} with it. */
    public void sendDescriptor(Operand socket, long kind, Operand descriptor) {
        asm.store(Width.INT, place, value(kind));
        asm.store(Width.INT, place.plus(LENGTH), value(0));
        headWithDescriptor().send(socket, descriptor);
    }

    private DescriptorMessage headWithDescriptor() {
        Address part = asm.bytes(Struct.ofLongs(0, HEAD));
        asm.point(part, place);
        return new DescriptorMessage(asm, part, 1);
    }

    /** Sends what failed, from the registers that a failure sets. */
    public void sendFailure(Operand socket, Operand length) {
        asm.store(Width.INT, place.plus(ERRNO), Register.FAILED_ERRNO);
        asm.store(Width.INT, place.plus(INSTRUCTION), Register.FAILED_INSTRUCTION);
        write(socket, KIND_FAILED, length);
    }

    /** Sends the number of the descriptor that gets a filter's notifications. */
    public void sendListener(Operand socket, Operand descriptor) {
        asm.store(Width.INT, place.plus(ERRNO), descriptor);
        write(socket, KIND_LISTENER, value(0));
    }

    /** {@code descriptor =} the number that a {@link #KIND_LISTENER} announces. */
    public void loadListener(Register descriptor) {
        asm.load(descriptor, Width.INT, place.plus(ERRNO));
    }

    /** As {@link #send}, with the one call that every seccomp filter has to allow with runc as well. */
    private void write(Operand socket, long kind, Operand length) {
        try (var _ = asm.scope()) {
            Register total = asm.register("total");
            asm.store(Width.INT, place, value(kind));
            asm.store(Width.INT, place.plus(LENGTH), length);
            asm.compute(total, length, Operation.ADD, value(HEAD));
            asm.call(Syscall.WRITE, socket, place, total);
        }
    }

    /**
     * Has the body begin with what can be read from {@code file}, if that is not 0; {@code length =} how many bytes.
     */
    public void fill(Register file, Register length) {
        Label filled = asm.label("filled");
        asm.branch(file, Condition.EQUAL, value(0), filled);
        asm.call(Syscall.READ, file, body(), value(capacity)).into(length).ignoreErrors();
        asm.branch(length, Condition.NOT_LESS, value(0), filled);
        asm.move(length, value(0));
        asm.place(filled);
    }

    /**
     * Waits for a head; {@code received =} its size, or 0 if the other side is gone, whether it has read all that was
     * sent to it or not.
     */
    public void receiveHead(Operand socket, Register received) {
        receiveHead(socket, received, SocketFlags.MSG_WAITALL, again());
    }

    /** As {@link #receiveHead}, but goes to {@code unread} if the other side is gone and has not read all. */
    public void receiveHeadOrElse(Operand socket, Register received, Label unread) {
        receiveHead(socket, received, SocketFlags.MSG_WAITALL, unread);
    }

    /** As {@link #receiveHead}, and leaves it there to be received. */
    public void peekHead(Operand socket, Register received) {
        receiveHead(socket, received, SocketFlags.MSG_WAITALL | SocketFlags.MSG_PEEK, again());
    }

    private void receiveHead(Operand socket, Register received, long flags, Label unread) {
        asm.call(Syscall.RECVFROM, socket, place, value(HEAD), value(flags), value(0), value(0))
                .into(received)
                .on(unread, Errno.ECONNRESET);
    }

    /** Where to receive again after ECONNRESET, which says once that the other side has ended without reading all. */
    private Label again() {
        Label again = asm.label("receive");
        asm.place(again);
        return again;
    }

    /** As {@link #receiveHead}, and what is returned says which descriptor came with it. */
    public DescriptorMessage receiveHeadAndDescriptor(Operand socket, Register received) {
        DescriptorMessage head = headWithDescriptor();
        Label again = again();
        head.receive(socket, received).on(again, Errno.ECONNRESET);
        return head;
    }

    public void loadKind(Register kind) {
        asm.load(kind, Width.INT, place);
    }

    /** Receives the bytes that the head announced, at most as many as there is room for; {@code length =} how many. */
    public void receiveBody(Operand socket, Register length) {
        asm.load(length, Width.INT, place.plus(LENGTH));
        try (var _ = asm.when(length, Condition.NOT_LESS, value(capacity + 1L), "fits")) {
            asm.fail(Errno.EMSGSIZE);
        }
        // To receive nothing would wait for something.
        try (var _ = asm.when(length, Condition.NOT_EQUAL, value(0), "received")) {
            asm.call(Syscall.RECVFROM, socket, body(), length, value(SocketFlags.MSG_WAITALL), value(0), value(0))
                    .into(length);
        }
    }

    /** {@code errno} and {@code instruction =} what a failure's head says. */
    public void loadFailure(Register errno, Register instruction) {
        asm.load(errno, Width.INT, place.plus(ERRNO));
        asm.load(instruction, Width.INT, place.plus(INSTRUCTION));
    }

    public Range bodyRange(Operand length) {
        return new Range(body(), length);
    }
}
