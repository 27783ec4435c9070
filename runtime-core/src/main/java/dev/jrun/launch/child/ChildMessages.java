// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.child;

import static dev.jrun.program.Operand.value;

import dev.jrun.launch.part.DescriptorMessage;
import dev.jrun.launch.part.InterruptibleWait;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Register;

/** In the shim: the messages of its child, whose order is known. */
public final class ChildMessages {

    private final Assembler asm;
    private final Register socket;
    private final Message message;
    private final Label lost;
    private final Label failed;

    /**
     * @param socket the shim's end
     * @param message where they are received
     * @param lost where to go on if the child has ended
     * @param failed where to go on with the head of any other message than the one that is due
     */
    public ChildMessages(Assembler asm, Register socket, Message message, Label lost, Label failed) {
        this.asm = asm;
        this.socket = socket;
        this.message = message;
        this.lost = lost;
        this.failed = failed;
    }

    /** Waits for the head of a message of this kind. */
    public void expect(long kind) {
        try (var _ = asm.scope()) {
            Register received = asm.register("received");
            InterruptibleWait.assemble(asm, socket);
            message.receiveHead(socket, received);
            check(received, kind);
        }
    }

    /** Waits for the head of a message, which if it is not of this kind stays to be received at {@code otherwise}. */
    public void expectOrElse(long kind, Label otherwise) {
        try (var _ = asm.scope()) {
            Register found = asm.register("found");
            InterruptibleWait.assemble(asm, socket);
            message.peekHead(socket, found);
            asm.branch(found, Condition.NOT_EQUAL, value(Message.HEAD), otherwise);
            message.loadKind(found);
            asm.branch(found, Condition.NOT_EQUAL, value(kind), otherwise);
            message.receiveHead(socket, found);
        }
    }

    /** Waits for one of this kind with a descriptor, which is {@code descriptor} then. */
    public void expectDescriptor(long kind, Register descriptor) {
        InterruptibleWait.assemble(asm, socket);
        DescriptorMessage head = message.receiveHeadAndDescriptor(socket, descriptor);
        check(descriptor, kind);
        head.load(descriptor);
    }

    private void check(Register received, long expected) {
        try (var _ = asm.scope()) {
            Register kind = asm.register("kind");
            asm.branch(received, Condition.NOT_EQUAL, value(Message.HEAD), lost);
            message.loadKind(kind);
            asm.branch(kind, Condition.NOT_EQUAL, value(expected), failed);
        }
    }
}
