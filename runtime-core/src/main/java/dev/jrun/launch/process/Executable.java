// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.NewerCall;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.FileStatus;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.spec.Process;
import java.util.List;
import java.util.Optional;

/**
 * {@code process.args[0]}: the file to execute. It is looked for when the container is created, so that a wrong name
 * fails early, and with the words that Docker and Podman turn into exit codes 126 and 127.
 */
public final class Executable {

    private static final String POINTER = "/process/args/0";

    private final Assembler asm;
    private final Process process;
    private final KernelCalls kernel;
    private final String name;
    private final Register path;
    private final FileStatus status;

    public Executable(Assembler asm, Process process, KernelCalls kernel) {
        this.asm = asm;
        this.process = process;
        this.kernel = kernel;
        this.name = process.args().getFirst();
        this.path = asm.register("executable");
        this.status = new FileStatus(asm);
    }

    /** {@code path =} the file; fails if there is none that this process may execute. */
    public void find() {
        if (name.indexOf('/') >= 0) {
            check();
        } else {
            search();
        }
    }

    private void check() {
        try (var _ = asm.scope()) {
            Register mode = asm.register("mode");
            Address file = asm.string(name);
            asm.source(POINTER, "exec: \"" + name + "\": stat " + name);
            fileType(file, mode);
            asm.source(POINTER, "exec: \"" + name + "\"");
            try (var _ = asm.when(mode, Condition.EQUAL, value(FileMode.S_IFDIR), "not a directory")) {
                asm.fail(Errno.EISDIR);
            }
            mayExecute(file);
            asm.move(path, file);
        }
    }

    private void search() {
        try (var _ = asm.scope()) {
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
                Optional<Assembler.Added> allowed = mayExecute(candidate);
                if (allowed.isPresent()) {
                    allowed.get().onError(notAllowed);
                }
                asm.move(path, candidate);
                asm.go(found);
                asm.place(notAllowed);
                asm.move(denied, value(1));
                asm.place(next);
            }
            try (var _ = asm.when(denied, Condition.NOT_EQUAL, value(0), "never found")) {
                asm.source(POINTER, "exec: \"" + name + "\"");
                asm.fail(Errno.EACCES);
            }
            asm.source(POINTER, "exec: \"" + name + "\": executable file not found in $PATH");
            asm.fail(Errno.ENOENT);
            asm.place(found);
        }
    }

    /** Emits in one go: {@code mode =} the type bits of {@code file}; the returned call is the one that can fail. */
    private Assembler.Added fileType(Address file, Register mode) {
        Assembler.Added call = status.at(value(OpenFlags.AT_FDCWD), file, 0);
        status.type(mode);
        return call;
    }

    /**
     * Asks what execve(2) will ask, of the effective ids and capabilities. access(2) asks of real ones: to a user other
     * than root it counts no capability, to root also those that are only permitted. Where there is nothing better,
     * execve(2) is left to say no to whoever has a capability that may allow it.
     */
    private Optional<Assembler.Added> mayExecute(Address file) {
        Operand here = value(OpenFlags.AT_FDCWD);
        Operand execute = value(OpenFlags.X_OK);
        if (kernel.has(NewerCall.FACCESSAT2)) {
            return Optional.of(asm.call(Syscall.FACCESSAT2, here, file, execute, value(OpenFlags.AT_EACCESS)));
        }
        return Credentials.mayOverridePermissions(process)
                ? Optional.empty()
                : Optional.of(asm.call(Syscall.FACCESSAT, here, file, execute));
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
    public void execute(Address environment) {
        List<String> arguments = process.args();
        asm.source(POINTER, "exec " + name);
        asm.call(Syscall.EXECVE, path, asm.strings(arguments), environment);
    }
}
