// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.AffinityReset;
import dev.jrun.launch.part.FileContents;
import dev.jrun.launch.part.FileStatus;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.part.WakeupAffinity;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.DescriptorPath;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Range;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;

/**
 * The program that reads a bundle with the caller's own rights. It reports {@link Tag#BUNDLE} with two ranges: the
 * contents of config.json, and the bundle's path without symbolic links.
 */
public final class BundleProgram {

    /** The largest config.json that is read whole, in bytes. A longer one is reported with one byte more. */
    public static final int MAX_CONFIG = 16 << 20;

    private static final int USUAL_LENGTH = 100;

    private final Machine machine;
    private final Assembler asm = new Assembler();

    private BundleProgram(Machine machine) {
        this.machine = machine;
        asm.expect(USUAL_LENGTH);
        asm.retryable();
    }

    /** Reads the bundle and ends. */
    public static Program read(Machine machine, BundlePath bundle) {
        BundleProgram program = new BundleProgram(machine);
        program.assembleReading(bundle);
        program.asm.end();
        return program.asm.assemble();
    }

    /**
     * Reads the bundle and has the shim go on as a sealed copy, which says {@code Ready}.
     *
     * @param preservedDescriptors how many descriptors from 3 on are to stay open
     * @param waking where the shim is woken for it
     */
    public static Program readAndSeal(
            Machine machine,
            BundlePath bundle,
            Caller caller,
            int preservedDescriptors,
            KernelCalls kernel,
            WakeupAffinity waking) {
        BundleProgram program = new BundleProgram(machine);
        AffinityReset.assemble(program.asm, waking);
        program.assembleReading(bundle);
        new SealedShim(program.asm, caller, preservedDescriptors, kernel).assemble();
        return program.asm.assemble();
    }

    /** As {@link #readAndSeal}, where it is not known yet which system calls there are. */
    public static ProbeProgram probeReadAndSeal(
            Machine machine, BundlePath bundle, Caller caller, int preservedDescriptors) {
        BundleProgram program = new BundleProgram(machine);
        KernelProbe probe = new KernelProbe(program.asm);
        probe.assemble();
        program.assembleReading(bundle);
        new SealedShim(program.asm, caller, preservedDescriptors, KernelCalls.none()).assemble();
        return new ProbeProgram(program.asm.assemble(), probe);
    }

    private void assembleReading(BundlePath bundle) {
        Register directory = asm.register("bundle");
        Register pathLength = asm.register("path length");
        Address path = asm.space(OpenFlags.PATH_MAX);
        asm.source(Source.runtime("bundle " + bundle.directory()));
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        asm.string(bundle.directory()),
                        value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.directory(machine)))
                .into(directory);
        DescriptorPath link = new DescriptorPath(asm, new byte[0], "");
        link.write(directory);
        asm.call(Syscall.READLINKAT, value(OpenFlags.AT_FDCWD), link.place(), path, value(OpenFlags.PATH_MAX))
                .into(pathLength);
        asm.source(Source.runtime(bundle.document()));
        Register file = openConfig(directory, bundle, link);
        Range contents = new FileContents(asm, MAX_CONFIG).read(file);
        asm.tell(Tag.BUNDLE.ordinal(), contents, new Range(path, pathLength));
    }

    /**
     * Looks at it as a place (O_PATH) before it is opened: to open a device can do something, and a terminal could
     * become the caller's, a FIFO would have a reader. What is opened is what was looked at.
     */
    private Register openConfig(Register directory, BundlePath bundle, DescriptorPath link) {
        Register place = asm.register("place");
        Register file = asm.register(BundlePath.CONFIG);
        asm.call(
                        Syscall.OPENAT,
                        bundle.config().isEmpty() ? directory : value(OpenFlags.AT_FDCWD),
                        asm.string(bundle.config().isEmpty() ? BundlePath.CONFIG : bundle.config()),
                        value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC))
                .into(place);
        refuseUnlessRegular(place);
        link.open(place, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC).into(file);
        return file;
    }

    private void refuseUnlessRegular(Register file) {
        Register type = asm.register("type");
        FileStatus status = new FileStatus(asm);
        status.of(file);
        status.type(type);
        try (var _ = asm.when(type, Condition.NOT_EQUAL, value(FileMode.S_IFREG), "regular")) {
            try (var _ = asm.when(type, Condition.EQUAL, value(FileMode.S_IFDIR), "not a directory")) {
                asm.fail(Errno.EISDIR);
            }
            try (var _ = asm.because(asm.source().with(", a FIFO, a socket or a device and not a regular file"))) {
                asm.fail(Errno.EINVAL);
            }
        }
    }
}
