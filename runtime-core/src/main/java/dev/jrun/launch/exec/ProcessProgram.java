// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.exec;

import dev.jrun.launch.Caller;
import dev.jrun.launch.DocumentReading;
import dev.jrun.launch.KernelProbe;
import dev.jrun.launch.ProbeProgram;
import dev.jrun.launch.SealedShim;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.program.Assembler;
import dev.jrun.program.Program;
import java.util.Optional;

/**
 * The program that reads the document of {@code exec --process} with the caller's own rights, and has the shim go on as
 * a sealed copy. The document, if there is to be one, is reported as {@link DocumentReading} has it.
 */
public final class ProcessProgram {

    private static final String OPTION = "--process";
    private static final int USUAL_LENGTH = 100;

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
        program.reading(document).readOnce();
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

    /**
     * As {@link #readAndSeal}, when the document has turned out to be no regular file, and is open as {@code stream}.
     */
    public static Program readStreamAndSeal(
            long stream, String document, Caller caller, int preservedDescriptors, KernelCalls kernel) {
        var program = new ProcessProgram();
        program.reading(document).readStream(stream);
        new SealedShim(program.asm, caller.withoutCall(), preservedDescriptors, kernel).assemble();
        return program.asm.assemble();
    }

    private void assemble(Optional<String> document, Caller caller, int preservedDescriptors, KernelCalls kernel) {
        Optional<DocumentReading> reading =
                document.isPresent() ? Optional.of(reading(document.get())) : Optional.empty();
        boolean isInput = reading.isPresent() && reading.get().isInput();
        if (!isInput) {
            asm.retryable();
        }
        if (reading.isPresent()) {
            reading.get().read();
        }
        new SealedShim(asm, isInput ? caller.withoutCall() : caller, preservedDescriptors, kernel).assemble();
    }

    private DocumentReading reading(String document) {
        return new DocumentReading(asm, OPTION, document);
    }
}
