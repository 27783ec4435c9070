// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.spec.Process;
import java.util.List;

/**
 * {@code process.args[0]}: the file to execute. It is looked for when the container is created, so that a wrong name fails
 * early, and with the words that Docker and Podman make exit codes 126 and 127 of.
 */
final class Executable {

    private static final String POINTER = "/process/args/0";

    private final Assembler asm;
    private final Process process;
    private final String name;
    private final Register path;
    private final Address statx;

    Executable(Assembler asm, Process process) {
        this.asm = asm;
        this.process = process;
        this.name = process.args().getFirst();
        this.path = asm.register("executable");
        this.statx = asm.space(Statx.SIZE);
    }

    /** {@code path =} the file; fails if there is none that this process may execute. */
    void find() {
        if (name.indexOf('/') >= 0) {
            check();
        } else {
            search();
        }
    }

    private void check() {
        int mark = asm.registersInUse();
        Register mode = asm.register("mode");
        Label notDirectory = asm.label("not a directory");
        Address file = asm.string(name);
        asm.source(POINTER, "exec: \"" + name + "\": stat " + name);
        fileType(file, mode);
        asm.source(POINTER, "exec: \"" + name + "\"");
        asm.branch(mode, Condition.NOT_EQUAL, value(FileMode.S_IFDIR), notDirectory);
        asm.fail(Errno.EISDIR);
        asm.place(notDirectory);
        mayExecute(file);
        asm.move(path, file);
        asm.release(mark);
    }

    private void search() {
        int mark = asm.registersInUse();
        Register mode = asm.register("mode");
        Register denied = asm.register("denied");
        Label found = asm.label("found");
        asm.source(POINTER, "look for " + name + " in $PATH");
        asm.move(denied, value(0));
        for (String directory : searchPath()) {
            Address candidate = asm.string(directory.isEmpty() ? "./" + name : directory + "/" + name);
            Label next = asm.label("next");
            Label notAllowed = asm.label("not allowed");
            fileType(candidate, mode).onError(next);
            asm.branch(mode, Condition.EQUAL, value(FileMode.S_IFDIR), next);
            mayExecute(candidate).onError(notAllowed);
            asm.move(path, candidate);
            asm.go(found);
            asm.place(notAllowed);
            asm.move(denied, value(1));
            asm.place(next);
        }
        Label neverFound = asm.label("never found");
        asm.branch(denied, Condition.EQUAL, value(0), neverFound);
        asm.source(POINTER, "exec: \"" + name + "\"");
        asm.fail(Errno.EACCES);
        asm.place(neverFound);
        asm.source(POINTER, "exec: \"" + name + "\": executable file not found in $PATH");
        asm.fail(Errno.ENOENT);
        asm.place(found);
        asm.release(mark);
    }

    /** Emits in one go: {@code mode =} the type bits of {@code file}; the returned call is the one that can fail. */
    private Assembler.Added fileType(Address file, Register mode) {
        Assembler.Added call = asm.call(
                Syscall.STATX, value(OpenFlags.AT_FDCWD), file, value(0), value(Statx.STATX_BASIC_STATS), statx);
        asm.load(mode, Width.SHORT, statx.plus(Statx.MODE));
        asm.compute(mode, mode, Operation.AND, value(FileMode.S_IFMT));
        return call;
    }

    /** The real and effective ids are the same by now, so access(2)'s question is the one that execve(2) will ask. */
    private Assembler.Added mayExecute(Address file) {
        return asm.call(Syscall.FACCESSAT, value(OpenFlags.AT_FDCWD), file, value(OpenFlags.X_OK));
    }

    /** Without PATH nothing is searched: runc and crun have no default, other than execvp(3). */
    private List<String> searchPath() {
        String found = "";
        for (String entry : process.env()) {
            if (entry.startsWith("PATH=")) {
                found = entry.substring("PATH=".length());
            }
        }
        return found.isEmpty() ? List.of() : List.of(found.split(":", -1));
    }

    /** Becomes the executable. */
    void execute(Address environment) {
        List<String> arguments = process.args();
        asm.source(POINTER, "exec " + name);
        asm.call(Syscall.EXECVE, path, asm.strings(arguments), environment);
    }
}
