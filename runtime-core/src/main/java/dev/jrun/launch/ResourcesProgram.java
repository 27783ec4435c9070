// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.program.Assembler;
import dev.jrun.program.Program;

/** The program that reads the document of {@code update --resources}, as {@link DocumentReading} has it. */
public final class ResourcesProgram {

    private static final String OPTION = "--resources";
    private static final int USUAL_LENGTH = 60;

    private ResourcesProgram() {}

    /** Reads the document and ends. */
    public static Program read(String document) {
        var asm = new Assembler();
        asm.expect(USUAL_LENGTH);
        var reading = new DocumentReading(asm, OPTION, document);
        if (!reading.isInput()) {
            asm.retryable();
        }
        reading.read();
        asm.end();
        return asm.assemble();
    }

    /** Reads it when it has turned out to be no regular file, and is open as {@code stream}. */
    public static Program readStream(long stream, String document) {
        var asm = new Assembler();
        asm.expect(USUAL_LENGTH);
        new DocumentReading(asm, OPTION, document).readStream(stream);
        asm.end();
        return asm.assemble();
    }
}
