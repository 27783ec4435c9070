// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.CloneFlags;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.SocketMessage;
import dev.jrun.kernel.Syscall;
import dev.jrun.kernel.WaitFlags;
import dev.jrun.launch.child.Child;
import dev.jrun.launch.child.ChildMessages;
import dev.jrun.launch.child.Message;
import dev.jrun.launch.child.SyncSockets;
import dev.jrun.launch.part.InterruptibleWait;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;

/**
 * How a process that has joined namespaces leaves the rest to a new one, which is the shim's child too: only a child
 * enters a joined pid namespace, and new namespaces belong to the user namespace of their maker. clone(2),
 * CLONE_PARENT.
 *
 * <p>Init's pid in the shim's pid namespace is what the kernel says of the sender of init's first message,
 * SCM_CREDENTIALS of unix(7): the predecessor may be killed before it could tell.
 */
public final class CloneParent {

    private final Assembler asm;
    private final SyncSockets sync;

    public CloneParent(Assembler asm, SyncSockets sync) {
        this.asm = asm;
        this.sync = sync;
    }

    /** In the shim, before the first process is made. */
    public void prepare() {
        asm.source(Source.runtime("have init's messages say which process it is"));
        sayWhoSends(1);
    }

    private void sayWhoSends(int whether) {
        asm.call(
                Syscall.SETSOCKOPT,
                sync.shim(),
                value(SocketFlags.SOL_SOCKET),
                value(SocketFlags.SO_PASSCRED),
                asm.bytes(Struct.ofInts(whether)),
                value(Integer.BYTES));
    }

    /** In the predecessor, which ends: init goes on, born into these new namespaces. */
    public void handOver(long namespaces) {
        try (var _ = asm.scope()) {
            Register successor = asm.register("successor");
            // Its exit signal is its predecessor's.
            asm.call(Syscall.CLONE, value(namespaces | CloneFlags.CLONE_PARENT), value(0), value(0), value(0), value(0))
                    .into(successor);
            try (var _ = asm.when(successor, Condition.NOT_EQUAL, value(0), "in init")) {
                asm.exit(0);
            }
        }
    }

    /** In init. */
    public void announce() {
        asm.source(Source.runtime("tell the shim which process is init"));
        new Message(asm, 0).send(sync.init(), Message.KIND_SUCCEEDED, value(0));
    }

    /**
     * In the shim: waits for a message and {@code sender =} who sent it. The message stays to be received; there is
     * none, and {@code sender} is 0, if all who could send it have ended.
     */
    private void awaitSender(Register sender) {
        try (var _ = asm.scope()) {
            Address text = asm.space(Message.HEAD);
            Address control = asm.space(SocketMessage.CREDENTIALS_SPACE);
            Address parts = asm.bytes(Struct.ofLongs(0, Message.HEAD));
            Address header = asm.bytes(new byte[SocketMessage.SIZE]);
            asm.point(parts, text);
            asm.point(header.plus(SocketMessage.PARTS), parts);
            asm.point(header.plus(SocketMessage.CONTROL), control);
            asm.store(Width.LONG, header.plus(SocketMessage.PART_COUNT), value(1));
            asm.store(Width.LONG, header.plus(SocketMessage.CONTROL_LENGTH), value(SocketMessage.CREDENTIALS_SPACE));
            asm.source(Source.runtime("wait until it is known which process is init"));
            InterruptibleWait.assemble(asm, sync.shim());
            // Says once that who could send has ended without reading all; then there is nothing to receive.
            Label again = asm.label("receive");
            asm.place(again);
            asm.call(Syscall.RECVMSG, sync.shim(), header, value(SocketFlags.MSG_PEEK))
                    .on(again, Errno.ECONNRESET);
            asm.load(sender, Width.INT, control.plus(SocketMessage.CONTROL_DATA));
            sayWhoSends(0);
        }
    }

    /**
     * In the shim: waits until the process that was made has left the rest to another, which is {@code child} from then
     * on, also if all that it says is what has failed: so it is waited for.
     */
    public void follow(ChildMessages messages, Child child) {
        try (var _ = asm.scope()) {
            Register sender = asm.register("sender");
            Label known = asm.label("it is known which process is init");
            awaitSender(sender);
            asm.branch(sender, Condition.EQUAL, value(0), known);
            asm.branch(sender, Condition.EQUAL, child.pid(), known);
            child.await();
            asm.move(child.pid(), sender);
            makeSureOf(child);
            asm.place(known);
            messages.expect(Message.KIND_SUCCEEDED);
        }
    }

    /**
     * Whoever can trace the successor can send the message from a process of its own. The pid of one that is not the
     * shim's child may be anybody's at any time.
     */
    private void makeSureOf(Child child) {
        Label stranger = asm.label("no child");
        Label own = asm.label("the shim's child");
        asm.source(Source.runtime("make sure that the process which spoke is the shim's child"));
        asm.call(
                        Syscall.WAITID,
                        value(WaitFlags.P_PID),
                        child.pid(),
                        value(0),
                        value(WaitFlags.WEXITED | WaitFlags.WNOHANG | WaitFlags.WNOWAIT | WaitFlags.WALL),
                        value(0))
                .on(stranger, Errno.ECHILD);
        asm.go(own);
        asm.place(stranger);
        asm.move(child.pid(), value(0));
        asm.fail(Errno.ECHILD);
        asm.place(own);
    }
}
