// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.child.Lifeline;
import dev.jrun.launch.part.SignalMask;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.MemoryFile;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.util.List;

/**
 * The program that executes a command of the host with the caller's rights, and keeps its output in a file in memory:
 * {@link HostCommandOutput} reads it. Ends with {@link Tag#ENDED}, {@link #status} and {@link #printed}.
 */
public final class HostCommand {

    /** What the command ends with if it is not found, as with shells. */
    public static final int NOT_FOUND = 127;

    private final Assembler asm = new Assembler();
    private final List<String> words;
    private final List<String> environment;
    private final Register status = asm.register("status");
    private final Register child = asm.register("command");
    private final Register parent = asm.register("parent");
    private final Register printed = asm.register("what it prints");
    private final Program program;

    /**
     * @param words the command's name and its arguments
     * @param environment entries {@code NAME=value}; in its PATH the command is looked for
     */
    public HostCommand(List<String> words, List<String> environment) {
        this.words = List.copyOf(words);
        this.environment = List.copyOf(environment);
        assemble();
        this.program = asm.assemble();
    }

    public Program program() {
        return program;
    }

    /** Its wait status, wait(2). */
    public Register status() {
        return status;
    }

    /** The descriptor of the file that has what it printed. */
    public Register printed() {
        return printed;
    }

    private void assemble() {
        Label inChild = asm.label("the command");
        asm.source(Source.runtime("run " + words.getFirst()));
        MemoryFile.create(asm, words.getFirst(), printed);
        asm.call(Syscall.GETPID).into(parent);
        asm.call(Syscall.CLONE, value(Signal.CHLD.number()), value(0), value(0), value(0), value(0))
                .into(child);
        asm.branch(child, Condition.EQUAL, value(0), inChild);
        awaitEnd();
        asm.place(inChild);
        become();
    }

    private void awaitEnd() {
        Address ended = asm.space(Integer.BYTES);
        asm.source(Source.runtime("wait for the end of " + words.getFirst()));
        SignalMask.letEnd(asm);
        asm.call(Syscall.WAIT4, child, ended, value(0), value(0)).retry();
        SignalMask.hold(asm);
        asm.load(status, Width.INT, ended);
        asm.tell(Tag.ENDED.ordinal(), status, printed);
        asm.end();
    }

    private void become() {
        try (var _ = asm.scope()) {
            Register nothing = asm.register("nothing");
            Label failed = asm.label("it cannot be executed");
            asm.source(Source.runtime("become " + words.getFirst()));
            asm.onFail(failed);
            Lifeline.tieToParent(asm, parent, failed);
            asm.call(Syscall.CLOSE, Register.SESSION);
            asm.call(
                            Syscall.OPENAT,
                            value(OpenFlags.AT_FDCWD),
                            asm.string("/dev/null"),
                            value(OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC))
                    .into(nothing);
            asm.call(Syscall.DUP3, nothing, value(0), value(0));
            asm.call(Syscall.DUP3, printed, value(1), value(0));
            asm.call(Syscall.DUP3, printed, value(2), value(0));
            SignalMask.clear(asm);
            Address arguments = asm.strings(words);
            Address entries = asm.strings(environment);
            for (String directory : searchPath()) {
                asm.call(Syscall.EXECVE, asm.string(directory + "/" + words.getFirst()), arguments, entries)
                        .ignoreErrors();
            }
            asm.place(failed);
            asm.exit(NOT_FOUND);
        }
    }

    /** Nothing that depends on the directory that the caller happens to be in. */
    private List<String> searchPath() {
        for (String entry : environment) {
            if (entry.startsWith("PATH=")) {
                return List.of(entry.substring("PATH=".length()).split(":")).stream()
                        .filter(directory -> directory.startsWith("/"))
                        .toList();
            }
        }
        return List.of();
    }
}
