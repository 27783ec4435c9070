// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.exec;

import static dev.jrun.program.Operand.value;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.testing.embedded.TestHost;
import dev.jrun.embedding.shim.ShimProcess;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.child.Child;
import dev.jrun.launch.child.ChildMessages;
import dev.jrun.launch.child.KeptDescriptors;
import dev.jrun.launch.child.Message;
import dev.jrun.launch.child.SyncSockets;
import dev.jrun.launch.namespace.CloneParent;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Report;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the shim receives of a child that is no more, although something was on its way to it. */
class LostChildIT {

    private static final long UNREAD = 99;

    private final Assembler asm = new Assembler();
    private final SyncSockets sync = new SyncSockets(asm, new KeptDescriptors(asm, 0));
    private final Message message = new Message(asm, Message.MAX_DIAGNOSIS);
    private final Register received = asm.register("received");

    /** The kernel says ECONNRESET of its end then. */
    @BeforeEach
    void aChildEndsBeforeItHasReadAll() {
        sync.open();
        Label ended = asm.label("ended");
        sync.letGo(ended);
        asm.place(ended);
    }

    private void end() {
        asm.call(Syscall.CLOSE, sync.init());
    }

    private long receivedByTheShim() throws Exception {
        asm.tell(0, received);
        asm.end();
        try (ShimProcess shim = ShimProcess.start(TestHost.HOME, ShimProcess.Streams.OWN)) {
            shim.run(asm.assemble());
            return ((Report.Yielded) shim.await()).value(received);
        }
    }

    @Test
    void itsEndIsSeen() throws Exception {
        end();
        message.receiveHead(sync.shim(), received);
        assertEquals(0, receivedByTheShim());
    }

    @Test
    void itsEndIsSeenByALook() throws Exception {
        end();
        message.peekHead(sync.shim(), received);
        assertEquals(0, receivedByTheShim());
    }

    @Test
    void itsEndIsSeenInPlaceOfADescriptor() throws Exception {
        end();
        message.receiveHeadAndDescriptor(sync.shim(), received);
        assertEquals(0, receivedByTheShim());
    }

    @Test
    void itsLastWordsAreReceivedFirst() throws Exception {
        message.send(sync.init(), Message.KIND_SUCCEEDED, value(0));
        end();
        message.receiveHead(sync.shim(), received);
        assertEquals(Message.HEAD, receivedByTheShim());
    }

    /** Of a child that was to be told something first. */
    @Test
    void thatItHasNotReadAllIsSeenToo() throws Exception {
        Label read = asm.label("read");
        Label unread = asm.label("unread");
        end();
        message.receiveHeadOrElse(sync.shim(), received, unread);
        asm.go(read);
        asm.place(unread);
        asm.move(received, value(UNREAD));
        asm.place(read);
        assertEquals(UNREAD, receivedByTheShim());
    }

    /** When it is waited for, since it was to leave the rest to a child of its own. */
    @Test
    void itHasNoSuccessor() throws Exception {
        Label lost = asm.label("lost");
        ChildMessages messages = new ChildMessages(asm, sync.shim(), message, lost, lost);
        CloneParent predecessor = new CloneParent(asm, sync);
        predecessor.prepare();
        end();
        asm.move(received, value(0));
        predecessor.follow(messages, new Child(asm, KernelCalls.all()));
        asm.move(received, value(UNREAD));
        asm.place(lost);
        assertEquals(0, receivedByTheShim());
    }
}
