// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.InterruptibleWait;
import dev.jrun.launch.part.Message;
import dev.jrun.launch.part.SocketAddress;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The program that lets a created init start its executable. It reports {@link Tag#START_CLOSED}, or {@link Tag#INIT_FAILED} with
 * what failed, and ends.
 */
public final class StartProgram {

    /** The name of the socket in a container's state directory that its created init listens on. */
    public static final String SOCKET = "init.sock";

    private final Assembler asm = new Assembler();
    private final Register errno = asm.register("init's errno");
    private final Register instruction = asm.register("init's instruction");
    private final Program program;

    /** @param notification who gets the listener of init's seccomp filter, if it has one */
    public StartProgram(Path stateDirectory, Machine machine, Optional<SeccompNotification> notification) {
        assemble(stateDirectory, machine, notification);
        this.program = asm.assemble();
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

    /** Where the socket of a created container is. */
    public static Path socket(Path stateDirectory) {
        return stateDirectory.resolve(SOCKET);
    }

    private void assemble(Path stateDirectory, Machine machine, Optional<SeccompNotification> notification) {
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
        asm.place(wait);
        InterruptibleWait.assemble(asm, socket);
        message.receiveHead(socket, received);
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
        asm.tell(Tag.START_CLOSED.ordinal());
        asm.end();
    }
}
