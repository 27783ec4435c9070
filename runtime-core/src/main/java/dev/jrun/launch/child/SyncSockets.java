// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.child;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;

/** The pair of sockets between shim and init. */
public final class SyncSockets {

    private final Assembler asm;
    private final KeptDescriptors kept;
    private final Register shim;
    private final Register init;

    public SyncSockets(Assembler asm, KeptDescriptors kept) {
        this.asm = asm;
        this.kept = kept;
        this.shim = asm.register("shim's end");
        this.init = asm.register("init's end");
    }

    /** Makes the pair. */
    public void open() {
        Address pair = asm.space(2 * Integer.BYTES);
        asm.source(Source.runtime("connect shim and init"));
        asm.call(
                Syscall.SOCKETPAIR,
                value(SocketFlags.AF_UNIX),
                value(SocketFlags.SOCK_STREAM | SocketFlags.SOCK_CLOEXEC),
                value(0),
                pair);
        asm.load(shim, Width.INT, pair);
        asm.load(init, Width.INT, pair.plus(Integer.BYTES));
        kept.add(init);
    }

    /** In the shim: lets init go on that waits in {@link #awaitGo}; goes to {@code ended} if it is gone. */
    public void letGo(Label ended) {
        answer(asm.string("g"), 1, ended);
    }

    /** Likewise, if it waits in {@link #awaitAnswer}. */
    public void answer(Address answer, int length, Label ended) {
        asm.call(Syscall.SENDTO, shim, answer, value(length), value(SocketFlags.MSG_NOSIGNAL), value(0), value(0))
                .on(ended, Errno.EPIPE, Errno.ECONNRESET);
    }

    /** In init: waits until the shim has it go on; if the shim is gone, so is this process. */
    public void awaitGo() {
        awaitAnswer(asm.space(1), 1);
    }

    /** Likewise, with an answer of {@code length} bytes. */
    public void awaitAnswer(Address answer, int length) {
        try (var _ = asm.scope()) {
            Register received = asm.register("received");
            asm.call(Syscall.RECVFROM, init, answer, value(length), value(SocketFlags.MSG_WAITALL), value(0), value(0))
                    .into(received);
            try (var _ = asm.when(received, Condition.EQUAL, value(0), "go")) {
                asm.exit(1);
            }
        }
    }

    public Register shim() {
        return shim;
    }

    public Register init() {
        return init;
    }

    /** What init keeps besides its end. */
    public KeptDescriptors kept() {
        return kept;
    }
}
