// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.FileContents;
import dev.jrun.launch.part.FileStatus;
import dev.jrun.launch.part.SignalMask;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Source;

/**
 * The part of a program that reads a document which a call names, with the caller's own rights, and reports
 * {@link Tag#DOCUMENT} with it.
 *
 * <p>If the engine is lost, the call is repeated. So what can be read only once is read by a program of its own, after
 * which the call cannot be repeated: if the document is not a regular file, {@link Tag#STREAM} is reported with the
 * descriptor that it is open as, and the program ends.
 */
public final class DocumentReading {

    /** The name of a document that comes by standard input. */
    private static final String STANDARD_INPUT = "-";

    /** The largest document that is read whole, in bytes. A longer one is reported with one byte more. */
    public static final int LONGEST = BundleProgram.MAX_CONFIG;

    private static final int INPUT = 0;

    private final Assembler asm;
    private final String option;
    private final String document;

    /**
     * @param option by which the call names it
     * @param document as the caller wrote it: relative paths are relative to its working directory
     */
    public DocumentReading(Assembler asm, String option, String document) {
        this.asm = asm;
        this.option = option;
        this.document = document;
    }

    /** What people call a document of this name. */
    public static String inWords(String name) {
        return name.equals(STANDARD_INPUT) ? "standard input" : name;
    }

    /** Whether it can be read only once, which its name says. */
    public boolean isInput() {
        return document.equals(STANDARD_INPUT);
    }

    /** Reads it whatever it is. */
    public void readOnce() {
        begin();
        report(isInput() ? value(INPUT) : open());
    }

    /** Reads it if it can be read again. */
    public void read() {
        begin();
        report(isInput() ? value(INPUT) : openRegular());
    }

    /** Reads what has turned out to be no regular file, and is open as {@code stream}. */
    public void readStream(long stream) {
        begin();
        report(value(stream));
    }

    /** What comes by standard input, or by a FIFO, comes when its writer likes. */
    private void begin() {
        asm.source(Source.runtime(option + " " + document));
        SignalMask.letEnd(asm);
    }

    private Register open() {
        Register opened = asm.register("document");
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        asm.string(document),
                        value(OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC | OpenFlags.O_NOCTTY))
                .into(opened);
        return opened;
    }

    private Register openRegular() {
        Register opened = open();
        try (var _ = asm.scope()) {
            Register type = asm.register("type");
            FileStatus status = new FileStatus(asm);
            status.of(opened);
            status.type(type);
            try (var _ = asm.when(type, Condition.NOT_EQUAL, value(FileMode.S_IFREG), "regular")) {
                SignalMask.hold(asm);
                asm.tell(Tag.STREAM.ordinal(), opened);
                asm.end();
            }
        }
        return opened;
    }

    private void report(Operand file) {
        var contents = new FileContents(asm, LONGEST).read(file);
        SignalMask.hold(asm);
        asm.tell(Tag.DOCUMENT.ordinal(), contents);
    }
}
