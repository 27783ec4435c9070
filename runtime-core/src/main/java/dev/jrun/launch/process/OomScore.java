// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code process.oomScoreAdj}, proc_pid_oom_score_adj(5). The shim has it for itself while init is born, which inherits
 * it: lowering it needs CAP_SYS_RESOURCE in the initial user namespace, in which the shim may be when init no longer
 * is.
 */
public final class OomScore {

    /** More than the longest, "-1000" and a newline, takes. */
    private static final int SIZE = 8;

    private final Assembler asm;
    private final int adjustment;
    private final Register file;
    private final Register length;
    private final Address own;

    private OomScore(Assembler asm, int adjustment) {
        this.asm = asm;
        this.adjustment = adjustment;
        this.file = asm.register("oom_score_adj");
        this.length = asm.register("length");
        this.own = asm.space(SIZE);
    }

    /** An absent one is inherited as it is. */
    public static Optional<OomScore> of(Assembler asm, OptionalInt adjustment) {
        return adjustment.isPresent() ? Optional.of(new OomScore(asm, adjustment.getAsInt())) : Optional.empty();
    }

    /** Before init's birth. */
    public void lend() {
        byte[] text = Integer.toString(adjustment).getBytes(StandardCharsets.US_ASCII);
        asm.source("/process/oomScoreAdj", "set oom_score_adj to " + adjustment);
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        asm.string("/proc/self/oom_score_adj"),
                        value(OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC))
                .into(file);
        asm.call(Syscall.READ, file, own, value(SIZE)).into(length);
        write(asm.bytes(text), value(text.length));
    }

    /** After init's birth, in the shim. */
    public void takeBack() {
        asm.source("/process/oomScoreAdj", "go back to the caller's oom_score_adj");
        write(own, length);
        asm.call(Syscall.CLOSE, file);
    }

    /** Likewise as far as that can be, where there was no birth. */
    public void giveUp() {
        asm.source("/process/oomScoreAdj", "go back to the caller's oom_score_adj");
        write(own, length).ignoreErrors();
        asm.call(Syscall.CLOSE, file).ignoreErrors();
    }

    private Assembler.Added write(Address text, Operand bytes) {
        return asm.call(Syscall.WRITE, file, text, bytes);
    }
}
