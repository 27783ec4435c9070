// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.child.Message;
import dev.jrun.launch.notify.NotifySocket;
import dev.jrun.launch.part.InterruptibleWait;
import dev.jrun.launch.part.SocketAddress;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The program that lets a created init start its executable. It reports {@link Tag#START_CLOSED},
 * {@link Tag#INIT_FAILED} with what failed, or {@link Tag#INIT_LOST} if init has ended without being told to start, and
 * ends.
 */
public final class StartProgram {

    /** The name of the socket in a container's state directory that its created init listens on. */
    public static final String SOCKET = "init.sock";

    private final Assembler asm = new Assembler();
    private final Register errno = asm.register("init's errno");
    private final Register instruction = asm.register("init's instruction");
    private final Register notify = asm.register("notify socket");
    private final Register process = asm.register("pidfd");
    private final Program program;

    /**
     * @param notification who gets the listener of init's seccomp filter, if it has one
     * @param init init's pid, if it is waited for until the container is ready
     */
    public StartProgram(
            Path stateDirectory, Machine machine, Optional<SeccompNotification> notification, OptionalLong init) {
        if (init.isPresent()) {
            prepareWait(stateDirectory, machine, init.getAsLong());
        }
        assemble(stateDirectory, machine, notification, init.isPresent() ? List.of(notify, process) : List.of());
        this.program = asm.assemble();
    }

    /** What is held is init: who listens on its socket afterwards is alive, so nobody else had its pid. */
    private void prepareWait(Path stateDirectory, Machine machine, long init) {
        new NotifySocket(asm, stateDirectory, machine).bind(notify);
        asm.source(Source.runtime("hold on to init"));
        asm.call(Syscall.PIDFD_OPEN, value(init), value(0)).into(process);
    }

    public Program program() {
        return program;
    }

    /** The errno of an instruction of init that failed. */
    public Register initErrno() {
        return errno;
    }

    /** The index of an instruction of init that failed, in the program that made it. */
    public Register initInstruction() {
        return instruction;
    }

    /** The descriptor of the container's {@link NotifySocket}, if it is waited for. */
    public Register notifySocket() {
        return notify;
    }

    /** The descriptor of a pidfd of init then. */
    public Register heldInit() {
        return process;
    }

    /** Where the socket of a created container is. */
    public static Path socket(Path stateDirectory) {
        return stateDirectory.resolve(SOCKET);
    }

    private void assemble(
            Path stateDirectory, Machine machine, Optional<SeccompNotification> notification, List<Register> held) {
        Register socket = asm.register("socket");
        Register received = asm.register("received");
        Register length = asm.register("length");
        Message message = new Message(asm, Message.MAX_DIAGNOSIS);
        asm.source(Source.runtime("connect to init"));
        new SocketAddress(asm, socket(stateDirectory), machine).connect(socket);
        asm.source(Source.runtime("tell init to start"));
        asm.call(
                Syscall.SENDTO, socket, asm.string("s"), value(1), value(SocketFlags.MSG_NOSIGNAL), value(0), value(0));
        Label wait = asm.label("wait for init");
        Label lost = asm.label("init is lost");
        asm.place(wait);
        InterruptibleWait.assemble(asm, socket);
        message.receiveHeadOrElse(socket, received, lost);
        try (var _ = asm.when(received, Condition.NOT_EQUAL, value(0), "closed")) {
            if (notification.isPresent()) {
                SeccompNotification present = notification.get();
                ListenerHandover.ofInit(asm, present.listener(), present.container(), machine)
                        .assemble(message, socket, value(present.pid()), wait);
                asm.source(Source.runtime("tell init to start"));
            }
            message.receiveBody(socket, length);
            message.loadFailure(errno, instruction);
            asm.tell(Tag.INIT_FAILED.ordinal(), message.bodyRange(length), instruction, errno);
            asm.end();
        }
        asm.tell(Tag.START_CLOSED.ordinal(), held.toArray(Register[]::new));
        asm.end();
        asm.place(lost);
        asm.tell(Tag.INIT_LOST.ordinal());
        asm.end();
    }
}
