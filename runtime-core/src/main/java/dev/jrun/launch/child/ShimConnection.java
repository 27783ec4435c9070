// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.child;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.util.List;

/**
 * In the process that a shim makes: its connection to the shim, from its first instruction on. A failure of whatever
 * follows is told over it, with the words that the kernel has left.
 */
public final class ShimConnection {

    private final Assembler asm;
    private final SyncSockets sync;
    private final Register context;
    private final Register reporter;
    private final Message report;
    private final Label failed;

    /**
     * @param context a file system context whose log may have words on a failure (fsopen(2)); 0 if there is none
     * @param failed where failures go
     */
    public ShimConnection(Assembler asm, SyncSockets sync, Register context, Label failed) {
        this.asm = asm;
        this.sync = sync;
        this.context = context;
        this.reporter = asm.register("reporter");
        this.report = new Message(asm, Message.MAX_DIAGNOSIS);
        this.failed = failed;
    }

    /** Where a failure is reported: this connection, or what it is replaced by. */
    public Register reporter() {
        return reporter;
    }

    /** What is sent to the shim, other than a large body. */
    public Message report() {
        return report;
    }

    /**
     * Closes what is the shim's alone, gathers what this process keeps, and ties its life to the shim's.
     *
     * @param purpose what this is the begin of
     */
    public void begin(Lifeline lifeline, String purpose) {
        asm.onFail(failed);
        asm.move(reporter, sync.init());
        asm.source(Source.runtime(purpose));
        asm.move(context, value(0));
        asm.call(Syscall.CLOSE, sync.shim());
        asm.call(Syscall.CLOSE, Register.SESSION);
        sync.kept().gather(reporter);
        lifeline.arm();
    }

    /**
     * Reports what failed, and ends this process.
     *
     * @param words files that may have more words on it; 0 if there is none
     */
    public void assembleFailed(List<Register> words) {
        try (var _ = asm.scope()) {
            Register length = asm.register("length");
            asm.place(failed);
            asm.source(Source.runtime("report what failed"));
            asm.move(length, value(0));
            report.fill(context, length);
            for (Register file : words) {
                report.fill(file, length);
            }
            report.sendFailure(reporter, length);
            asm.exit(1);
        }
    }
}
