// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.CommandException;
import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.conversation.StepFailedException;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.CompleteWrite;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.program.Source;
import java.nio.charset.StandardCharsets;

/** A file that the shim makes for its caller, with the caller's rights and umask. */
final class NewFile {

    private static final int MODE = 0666;
    private static final Operand CURRENT_DIRECTORY = Operand.value(OpenFlags.AT_FDCWD);
    private static final Operand ZERO = Operand.value(0);

    private final String path;

    /** @param path absolute, or relative to the caller's working directory */
    NewFile(String path) {
        this.path = path;
    }

    /**
     * Makes the file. If it cannot be written whole it is removed again.
     *
     * @throws CommandException if it exists, or cannot be made
     */
    void write(Session session, String text) throws CommandException, SessionBrokenException {
        try {
            Conversation.complete(session, program(text.getBytes(StandardCharsets.UTF_8)));
        } catch (StepFailedException e) {
            throw failure(e);
        }
    }

    private Program program(byte[] bytes) {
        var assembler = new Assembler();
        Register file = assembler.register("file");
        Label incomplete = assembler.label("incomplete");

        assembler.source(Source.runtime("make " + path));
        assembler
                .call(
                        Syscall.OPENAT,
                        CURRENT_DIRECTORY,
                        assembler.string(path),
                        Operand.value(OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_CLOEXEC),
                        Operand.value(MODE))
                .into(file);
        assembler.source(Source.runtime("write " + path));
        assembler.onFail(incomplete);
        CompleteWrite.assemble(assembler, file, bytes);
        assembler.call(Syscall.CLOSE, file);
        assembler.end();

        assembler.place(incomplete);
        assembler.source(Source.runtime("remove " + path + " again"));
        assembler
                .call(Syscall.UNLINKAT, CURRENT_DIRECTORY, assembler.string(path), ZERO)
                .ignoreErrors();
        assembler.source(Source.runtime("write " + path));
        assembler.fail(Register.FAILED_ERRNO);
        return assembler.assemble();
    }

    private CommandException failure(StepFailedException e) {
        return new CommandException(
                e.is(Errno.EEXIST)
                        ? "File " + path + " exists. Remove it first"
                        : "cannot write " + path + ": " + e.reason());
    }
}
