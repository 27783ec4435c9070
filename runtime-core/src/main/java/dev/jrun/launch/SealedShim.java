// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.text;
import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.NewerCall;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Prctl;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.child.KeptDescriptors;
import dev.jrun.launch.part.DescriptorClosing;
import dev.jrun.launch.part.FileStatus;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.DescriptorPath;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.util.ArrayList;
import java.util.List;

/**
 * Has the shim go on as a sealed copy of itself in memory, with no descriptor but the session's and those that the
 * container is to inherit. A container that reaches its runtime's /proc/self/exe then finds a file that nobody can
 * write, not the host's binary: CVE-2019-5736. memfd_create(2); {@link AdoptedCopy}, or execveat(2).
 */
public final class SealedShim {

    private static final long SEALS =
            FileControl.F_SEAL_SEAL | FileControl.F_SEAL_SHRINK | FileControl.F_SEAL_GROW | FileControl.F_SEAL_WRITE;
    private static final long LARGEST_COPY = 1 << 30;
    private static final Source[] STREAMS = {
        Source.runtime("standard input, which the container would inherit"),
        Source.runtime("standard output, which the container would inherit"),
        Source.runtime("standard error, which the container would inherit")
    };
    private static final long F_GETFD = 1;

    /**
     * What the shim is called (prctl(2), PR_SET_NAME) until it is sealed: execve(2) takes the name away, and so does
     * {@link AdoptedCopy}. It is of eight characters, one load.
     */
    private static final String UNSEALED = "unsealed";

    private static final int NAME_SIZE = 16;
    private static final long F_DUPFD = 0;

    private final Assembler asm;
    private final KernelCalls kernel;
    private final DescriptorClosing descriptors;
    private final Caller caller;
    private final int preserved;

    /** @param preserved how many descriptors from 3 on are to stay open */
    public SealedShim(Assembler asm, Caller caller, int preserved, KernelCalls kernel) {
        this.asm = asm;
        this.kernel = kernel;
        this.descriptors = DescriptorClosing.of(asm, kernel);
        this.caller = caller;
        this.preserved = preserved;
    }

    public void assemble() {
        asm.source(Source.runtime("note that the shim is not sealed for this call yet"));
        asm.call(Syscall.PRCTL, value(Prctl.PR_SET_NAME), asm.string(UNSEALED), value(0), value(0), value(0));
        checkStreams();
        checkPreserved();
        Register copy = asm.register("sealed copy");
        copyShim(copy);
        if (AdoptedCopy.isPossible(kernel)) {
            new AdoptedCopy(asm, descriptors, firstClosed()).assemble(copy);
        }
        executeCopy(copy);
    }

    /** The lowest descriptor that the container is not to inherit. */
    private long firstClosed() {
        return KeptDescriptors.AFTER_STANDARD_STREAMS + preserved;
    }

    private void executeCopy(Register copy) {
        Register session = keepOnlySession();
        asm.source(Source.runtime("go on as the sealed copy of the shim"));
        Address number = asm.space(Assembler.NUMBER_SIZE);
        Address engine = asm.space(Assembler.NUMBER_SIZE);
        Address ignored = asm.space(Assembler.NUMBER_SIZE);
        asm.format(number, session);
        asm.format(engine, Register.ENGINE);
        asm.format(ignored, Register.IGNORED_SIGNALS);
        List<Address> arguments = new ArrayList<>();
        arguments.add(asm.string("jrun-session"));
        arguments.add(number);
        arguments.add(engine);
        arguments.add(ignored);
        arguments.add(asm.string(caller.arguments().isEmpty() ? "" : caller.home()));
        caller.arguments().forEach(argument -> arguments.add(asm.string(argument)));
        execute(copy, asm.pointers(arguments), environment());
        asm.end();
    }

    /** Its own, for the call that it may make again: what else could need it is the container's. */
    private Operand environment() {
        return caller.arguments().isEmpty() ? asm.strings(List.of()) : Register.ENVIRONMENT;
    }

    private void execute(Register copy, Address arguments, Operand environment) {
        if (kernel.has(NewerCall.EXECVEAT)) {
            asm.call(Syscall.EXECVEAT, copy, asm.string(""), arguments, environment, value(OpenFlags.AT_EMPTY_PATH));
        } else {
            DescriptorPath path = new DescriptorPath(asm, new byte[0], "");
            path.write(copy);
            asm.call(Syscall.EXECVE, path.place(), arguments, environment);
        }
    }

    /**
     * A directory of the host's as a standard stream would be a way into the host's file system, for whoever is in the
     * container; what is only open as a place (O_PATH of open(2)) can be neither read nor written.
     */
    private void checkStreams() {
        try (var _ = asm.scope()) {
            Register type = asm.register("type");
            Register flags = asm.register("flags");
            FileStatus status = new FileStatus(asm);
            for (int descriptor = 0; descriptor < KeptDescriptors.AFTER_STANDARD_STREAMS; descriptor++) {
                checkStream(descriptor, status, type, flags);
            }
        }
    }

    private void checkStream(int descriptor, FileStatus status, Register type, Register flags) {
        Label next = asm.label("next stream");
        asm.source(STREAMS[descriptor]);
        status.of(value(descriptor));
        status.type(type);
        try (var _ = asm.when(type, Condition.NOT_EQUAL, value(FileMode.S_IFDIR), "a directory")) {
            asm.call(Syscall.FCNTL, value(descriptor), value(FileControl.F_GETFL))
                    .into(flags);
            asm.branch(flags, Condition.NO_BIT, value(OpenFlags.O_PATH), next);
            asm.fail(Errno.EBADF);
        }
        asm.fail(Errno.EISDIR);
        asm.place(next);
    }

    /**
     * They are the caller's. One that is closed by execve(2) is none of those, but what this program or the shim has
     * opened, such as the bundle: it must not be open in the container (CVE-2024-21626).
     */
    private void checkPreserved() {
        try (var _ = asm.scope()) {
            Register flags = asm.register("flags");
            for (int i = 0; i < preserved; i++) {
                int descriptor = KeptDescriptors.AFTER_STANDARD_STREAMS + i;
                asm.source(Source.runtime("--preserve-fds: descriptor " + descriptor));
                asm.call(Syscall.FCNTL, value(descriptor), value(F_GETFD), value(0))
                        .into(flags);
                try (var _ = asm.when(flags, Condition.ANY_BIT, value(FileControl.FD_CLOEXEC), "the caller's")) {
                    asm.fail(Errno.EBADF);
                }
            }
        }
    }

    /** What the caller leaked is closed before anything of the container exists (CVE-2024-21626). */
    private Register keepOnlySession() {
        Register session = asm.register("kept session");
        asm.source(Source.runtime("close every descriptor that the container is not to inherit"));
        descriptors.prepare();
        descriptors.closeOnExec(value(firstClosed()));
        asm.call(Syscall.FCNTL, Register.SESSION, value(F_DUPFD), value(firstClosed()))
                .into(session);
        return session;
    }

    /**
     * Makes sure that this process is such a copy, made for this call: what comes next may be done only by one. It may
     * be one that was made for an engine that was lost, and could not be made again.
     */
    public static void checkIsSealed(Assembler asm) {
        try (var _ = asm.scope()) {
            Register name = asm.register("name");
            Address place = asm.space(NAME_SIZE);
            asm.source(Source.runtime("make sure that the shim was sealed for this call"));
            asm.call(Syscall.PRCTL, value(Prctl.PR_GET_NAME), place, value(0), value(0), value(0));
            asm.load(name, Width.LONG, place);
            try (var _ = asm.when(name, Condition.EQUAL, text(UNSEALED), "it was sealed since")) {
                asm.fail(Errno.EPERM);
            }
        }
        try (var _ = asm.scope()) {
            Register self = asm.register("self");
            Register seals = asm.register("seals");
            asm.source(Source.runtime("make sure that the shim is a sealed copy"));
            openSelf(asm, self);
            asm.call(Syscall.FCNTL, self, value(FileControl.F_GET_SEALS)).into(seals);
            asm.call(Syscall.CLOSE, self);
            asm.compute(seals, seals, Operation.AND, value(SEALS));
            try (var _ = asm.when(seals, Condition.NOT_EQUAL, value(SEALS), "sealed")) {
                asm.fail(Errno.EPERM);
            }
        }
    }

    private static void openSelf(Assembler asm, Register self) {
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        asm.string("/proc/self/exe"),
                        value(OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC))
                .into(self);
    }

    private void copyShim(Register copy) {
        try (var _ = asm.scope()) {
            Register self = asm.register("self");
            Register copied = asm.register("copied");
            Label created = asm.label("created");
            Label older = asm.label("without MFD_EXEC");
            Label more = asm.label("copy more");
            Address name = asm.string("jrun");
            long flags = FileControl.MFD_CLOEXEC | FileControl.MFD_ALLOW_SEALING;
            asm.source(Source.runtime("make a sealed copy of the shim"));
            asm.call(Syscall.MEMFD_CREATE, name, value(flags | FileControl.MFD_EXEC))
                    .into(copy)
                    .on(older, Errno.EINVAL);
            asm.go(created);
            asm.place(older);
            asm.call(Syscall.MEMFD_CREATE, name, value(flags)).into(copy);
            asm.place(created);
            openSelf(asm, self);
            asm.place(more);
            asm.call(Syscall.SENDFILE, copy, self, value(0), value(LARGEST_COPY))
                    .into(copied);
            asm.branch(copied, Condition.NOT_EQUAL, value(0), more);
            asm.call(Syscall.FCNTL, copy, value(FileControl.F_ADD_SEALS), value(SEALS));
        }
    }
}
