// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.notify;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.DescriptorMessage;
import dev.jrun.launch.part.InterruptibleWait;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Struct;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a service manager is told, sd_notify(3). Whether it listens is its own business: errors are ignored, and nobody
 * waits for long.
 */
final class ManagerMessages {

    private static final byte[] READY = "READY=1\nMAINPID=".getBytes(StandardCharsets.UTF_8);
    private static final String BARRIER = "BARRIER=1";

    /** For room in the queue of its socket. */
    private static final long SENDING_SECONDS = 5;

    /** As with runc and crun. */
    private static final long BARRIER_SECONDS = 30;

    private final Assembler asm;
    private final byte[] manager;
    private final Address ready;
    private final Register socket;
    private final Register length;

    /** Two registers are taken. */
    ManagerMessages(Assembler asm, ServiceManager manager) {
        this.asm = asm;
        this.manager = manager.address();
        this.ready = asm.bytes(Arrays.copyOf(READY, READY.length + Assembler.NUMBER_SIZE));
        this.socket = asm.register("service manager");
        this.length = asm.register("length");
    }

    /** Says that the service is ready, and that {@code main} is its first process. */
    void tellReady(Operand main) {
        Label over = asm.label("told, or not to be told");
        connect(main, over);
        send();
        asm.place(over);
        asm.call(Syscall.CLOSE, socket).ignoreErrors();
    }

    /**
     * The same in the name of {@code sender}, if this process may use it (CAP_SYS_ADMIN); sd_pid_notify(3) does so,
     * too.
     */
    void tellReadyAs(Register sender) {
        Label over = asm.label("told, or not to be told");
        connect(sender, over);
        new CredentialsMessage(asm, ready).send(socket, length, sender).onError(over);
        asm.place(over);
        asm.call(Syscall.CLOSE, socket).ignoreErrors();
    }

    /**
     * Says so likewise, and waits until that was heard: the manager looks for the sender, which is about to end.
     * sd_notify_barrier(3).
     */
    void tellReadyAndAwait(Operand main) {
        Label over = asm.label("told, or not to be told");
        connect(main, over);
        send();
        awaitBarrier(over);
        asm.place(over);
        asm.call(Syscall.CLOSE, socket).ignoreErrors();
    }

    private void connect(Operand main, Label over) {
        asm.move(socket, value(-Errno.EBADF.number()));
        asm.call(
                        Syscall.SOCKET,
                        value(SocketFlags.AF_UNIX),
                        value(SocketFlags.SOCK_DGRAM | SocketFlags.SOCK_CLOEXEC),
                        value(0))
                .into(socket)
                .onError(over);
        asm.call(
                        Syscall.SETSOCKOPT,
                        socket,
                        value(SocketFlags.SOL_SOCKET),
                        value(SocketFlags.SO_SNDTIMEO),
                        asm.bytes(Struct.ofLongs(SENDING_SECONDS, 0)),
                        value(2 * Long.BYTES))
                .ignoreErrors();
        asm.call(Syscall.CONNECT, socket, asm.bytes(manager), value(manager.length))
                .onError(over);
        asm.format(ready.plus(READY.length), main, length);
        asm.compute(length, length, Operation.ADD, value(READY.length));
    }

    private void send() {
        asm.call(Syscall.SENDTO, socket, ready, length, value(SocketFlags.MSG_NOSIGNAL), value(0), value(0))
                .ignoreErrors();
    }

    private void awaitBarrier(Label over) {
        try (var _ = asm.scope()) {
            Register reading = asm.register("reading end");
            Register writing = asm.register("writing end");
            Address ends = asm.space(2 * Integer.BYTES);
            asm.call(Syscall.PIPE2, ends, value(OpenFlags.O_CLOEXEC)).onError(over);
            asm.load(reading, Width.INT, ends);
            asm.load(writing, Width.INT, ends.plus(Integer.BYTES));
            Address part = asm.bytes(Struct.ofLongs(0, BARRIER.length()));
            asm.point(part, asm.string(BARRIER));
            new DescriptorMessage(asm, part, 1).send(socket, writing).ignoreErrors();
            asm.call(Syscall.CLOSE, writing).ignoreErrors();
            InterruptibleWait.atMost(asm, reading, asm.bytes(Struct.ofLongs(BARRIER_SECONDS, 0)))
                    .ignoreErrors();
            asm.call(Syscall.CLOSE, reading).ignoreErrors();
        }
    }
}
