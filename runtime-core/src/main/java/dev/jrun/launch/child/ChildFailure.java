// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.child;

import static dev.jrun.program.Operand.value;

import dev.jrun.launch.part.Tag;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;

/**
 * In the shim: what becomes of a child that fails, or ends, before it executes. The shim makes sure that it is gone,
 * reports {@link Tag#INIT_FAILED} or {@link Tag#INIT_LOST}, and ends the program.
 */
public final class ChildFailure {

    /**
     * Where the shim goes on.
     *
     * @param ended if the child takes no message any more
     * @param failed if it has sent the head of a message that is not due, which tells of a failure
     * @param lost if it has ended without a word
     */
    public record Places(Label ended, Label failed, Label lost) {}

    /** Makes sure that the child is gone, and that nothing says it was there. */
    @FunctionalInterface
    public interface TakingBack {
        void assemble();
    }

    private final Assembler asm;
    private final Child child;
    private final Register socket;
    private final Message message;
    private final Places places;
    private final TakingBack takingBack;

    /**
     * @param socket the shim's end
     * @param message where the child's are received
     */
    public ChildFailure(
            Assembler asm, Child child, Register socket, Message message, Places places, TakingBack takingBack) {
        this.asm = asm;
        this.child = child;
        this.socket = socket;
        this.message = message;
        this.places = places;
        this.takingBack = takingBack;
    }

    /** Of a child that has ended: its last words may still be there, whose head is received then. */
    public void assembleEnded(String reason) {
        try (var _ = asm.scope()) {
            Register received = asm.register("received");
            asm.place(places.ended);
            asm.source(Source.runtime(reason));
            message.receiveHead(socket, received);
            asm.branch(received, Condition.EQUAL, value(0), places.lost);
        }
    }

    /**
     * Of a child that has said what failed.
     *
     * @param errno gets its error
     * @param instruction gets the index of the instruction
     */
    public void assembleFailed(String reason, Register errno, Register instruction) {
        try (var _ = asm.scope()) {
            Register length = asm.register("length");
            asm.place(places.failed);
            asm.source(Source.runtime(reason));
            message.receiveBody(socket, length);
            message.loadFailure(errno, instruction);
            takingBack.assemble();
            asm.tell(Tag.INIT_FAILED.ordinal(), message.bodyRange(length), instruction, errno);
            asm.end();
        }
    }

    /** Of a child that has ended without a word; {@link Child#status} says how. */
    public void assembleLost(String reason) {
        asm.place(places.lost);
        asm.source(Source.runtime(reason));
        takingBack.assemble();
        asm.tell(Tag.INIT_LOST.ordinal(), child.status());
        asm.end();
    }
}
