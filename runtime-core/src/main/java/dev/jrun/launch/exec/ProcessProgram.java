// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.exec;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.BundleProgram;
import dev.jrun.launch.Caller;
import dev.jrun.launch.KernelProbe;
import dev.jrun.launch.ProbeProgram;
import dev.jrun.launch.SealedShim;
import dev.jrun.launch.part.FileContents;
import dev.jrun.launch.part.FileStatus;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.SignalMask;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Operand;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.util.Optional;

/**
 * The program that reads the document of {@code exec --process} with the caller's own rights, and has the shim go on as a sealed copy.
 * It reports {@link Tag#PROCESS} with the document, if there is to be one.
 *
 * <p>If the engine is lost, the call is made again. What can be read only once is therefore read by another program, with which that is
 * over: where the document is no regular file, this one reports {@link Tag#STREAM} with the descriptor that it is open as, and ends.
 */
public final class ProcessProgram {

    /** The name of a document that comes by standard input. */
    public static final String STANDARD_INPUT = "-";

    /** The largest document that is read whole, in bytes. A longer one is reported with one byte more. */
    public static final int LONGEST = BundleProgram.MAX_CONFIG;

    private static final int USUAL_LENGTH = 100;
    private static final int INPUT = 0;

    private final Assembler asm = new Assembler();

    private ProcessProgram() {
        asm.expect(USUAL_LENGTH);
    }

    /**
     * Reads the document and ends.
     *
     * @param document as the caller wrote it: relative paths are relative to its working directory
     */
    public static Program read(String document) {
        var program = new ProcessProgram();
        program.begin(document);
        program.report(document.equals(STANDARD_INPUT) ? value(INPUT) : program.open(document));
        program.asm.end();
        return program.asm.assemble();
    }

    /**
     * Reads the document, if there is one, and has the shim go on as a sealed copy, which says {@code Ready}.
     *
     * @param preservedDescriptors how many descriptors from 3 on are to stay open
     */
    public static Program readAndSeal(
            Optional<String> document, Caller caller, int preservedDescriptors, KernelCalls kernel) {
        var program = new ProcessProgram();
        program.assemble(document, caller, preservedDescriptors, kernel);
        return program.asm.assemble();
    }

    /** As {@link #readAndSeal}, where it is not known yet which system calls there are. */
    public static ProbeProgram probeReadAndSeal(Optional<String> document, Caller caller, int preservedDescriptors) {
        var program = new ProcessProgram();
        KernelProbe probe = new KernelProbe(program.asm);
        probe.assemble();
        program.assemble(document, caller, preservedDescriptors, KernelCalls.none());
        return new ProbeProgram(program.asm.assemble(), probe);
    }

    /** As {@link #readAndSeal}, when the document has turned out to be no regular file, and is open as {@code stream}. */
    public static Program readStreamAndSeal(
            long stream, String document, Caller caller, int preservedDescriptors, KernelCalls kernel) {
        var program = new ProcessProgram();
        program.begin(document);
        program.report(value(stream));
        new SealedShim(program.asm, caller.withoutCall(), preservedDescriptors, kernel).assemble();
        return program.asm.assemble();
    }

    private void assemble(Optional<String> document, Caller caller, int preservedDescriptors, KernelCalls kernel) {
        boolean isInput = document.isPresent() && document.get().equals(STANDARD_INPUT);
        if (!isInput) {
            asm.retryable();
        }
        if (document.isPresent()) {
            begin(document.get());
            report(isInput ? value(INPUT) : openRegular(document.get()));
        }
        new SealedShim(asm, isInput ? caller.withoutCall() : caller, preservedDescriptors, kernel).assemble();
    }

    /** What comes by standard input, or by a FIFO, comes when its writer likes. */
    private void begin(String document) {
        asm.source(Source.runtime("--process " + document));
        SignalMask.letEnd(asm);
    }

    private Register open(String document) {
        Register opened = asm.register("process document");
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        asm.string(document),
                        value(OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC | OpenFlags.O_NOCTTY))
                .into(opened);
        return opened;
    }

    private Register openRegular(String document) {
        Register opened = open(document);
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
        asm.tell(Tag.PROCESS.ordinal(), contents);
    }
}
