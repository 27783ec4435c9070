// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Syscall;
import dev.jrun.launch.child.KeptDescriptors;
import dev.jrun.launch.child.Lifeline;
import dev.jrun.launch.child.Message;
import dev.jrun.launch.part.CallerRights;
import dev.jrun.launch.part.DescriptorClosing;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.SignalDispositions;
import dev.jrun.launch.part.SignalMask;
import dev.jrun.launch.rootfs.ContainerRoot;
import dev.jrun.launch.rootfs.WorkingDirectory;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.seccomp.SeccompFilter;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Process;
import java.util.List;
import java.util.Optional;

/**
 * What a process becomes between the moment when the container's root is its own and execve(2). It knows nothing about
 * how the process got where it is, nor about what else must happen before its executable may start: the code that makes
 * the process calls the steps in the order in which they are declared here, with its own steps between them.
 */
public final class ProcessSetup {

    private static final int DEFAULT_UMASK = 0022;

    private final Assembler asm;
    private final Process process;
    private final Place place;
    private final ProcessAttributes attributes;
    private final Label failed;
    private final DescriptorClosing descriptors;
    private final Environment environment;
    private final Optional<SelinuxLabel> label;
    private final WorkingDirectory directory;
    private final Executable executable;
    private final SeccompLoading seccomp;

    /**
     * Where a process runs.
     *
     * @param linux of the container's configuration
     * @param groups which supplementary groups it gets
     * @param rights of who makes it
     * @param seccomp the filter that it is under
     */
    public record Place(Linux linux, Credentials.Groups groups, CallerRights rights, Optional<SeccompFilter> seccomp) {}

    /**
     * @param environment entries {@code NAME=value}
     * @param containerRoot of the mount namespace in which labels are written
     * @param failed where failures go
     */
    public ProcessSetup(
            Process process,
            List<String> environment,
            Place place,
            ContainerRoot containerRoot,
            KernelCalls kernel,
            Label failed) {
        this.asm = containerRoot.asm;
        this.process = process;
        this.place = place;
        this.failed = failed;
        this.attributes = new ProcessAttributes(containerRoot);
        this.descriptors = DescriptorClosing.of(asm, kernel);
        this.environment = new Environment(asm, environment);
        this.label = process.selinuxLabel().map(text -> new SelinuxLabel(asm, attributes, failed, text));
        this.directory = new WorkingDirectory(asm, process.cwd());
        this.executable = new Executable(asm, process, kernel);
        this.seccomp = new SeccompLoading(asm, process, place.seccomp(), place.rights());
    }

    public Environment environment() {
        return environment;
    }

    /** What it makes keys with. */
    public Optional<SelinuxLabel> label() {
        return label;
    }

    /** Opens what it takes to find out which descriptors there are, while the host's /proc is at hand. */
    public void prepareDescriptors() {
        descriptors.prepare();
    }

    /** Makes the working directory if the root file system has none. */
    public void makeWorkingDirectory(ContainerRoot containerRoot) {
        directory.make(containerRoot);
    }

    /** Says under which labels the executable runs. */
    public void labelExecutable() {
        label.ifPresent(SelinuxLabel::labelExecutable);
        process.apparmorProfile().ifPresent(profile -> AppArmorProfile.assemble(asm, attributes, failed, profile));
    }

    /** Says so in a process that has its caller's files still, for a child of it. */
    public void labelExecutableAsCaller() {
        label.ifPresent(SelinuxLabel::labelExecutableAsCaller);
        process.apparmorProfile().ifPresent(profile -> AppArmorProfile.assembleAsCaller(asm, attributes, profile));
    }

    /**
     * So that none of the host's is within reach (CVE-2024-21626): all but the few that are kept have higher numbers.
     */
    public void closeDescriptors(KeptDescriptors kept) {
        asm.source(Source.runtime("close every descriptor of the host"));
        descriptors.close(kept.end());
    }

    /**
     * Its limits, some of which take capabilities that it will not have.
     *
     * @param descriptors how many it has to have open until it executes
     */
    public void limit(int descriptors) {
        ResourceLimits.assemble(asm, process.rlimits(), descriptors);
    }

    /** As {@link #limit}, in a process of which a child will {@linkplain #limitAsChild execute}. */
    public void limitAsParent(int descriptors) {
        ResourceLimits.assembleButProcesses(asm, process.rlimits(), descriptors);
        ResourceLimits.allowProcesses(asm, process.rlimits());
    }

    /** What is left of its limits: the number of its user's processes, of which there is one more until here. */
    public void limitAsChild() {
        ResourceLimits.assembleProcesses(asm, process.rlimits());
    }

    /**
     * When it runs, which in part takes capabilities that it will not have, and comes after the limits.
     *
     * @param message how it asks to be scheduled
     */
    public void schedule(Scheduling scheduling, Message message) {
        scheduling.assembleInInit(message);
    }

    /** How else it is to be run; and enters its working directory with the rights that it still has. */
    public void settle() {
        place.linux().memoryPolicy().ifPresent(policy -> MemoryPlacement.assemble(asm, policy));
        place.linux().personality().ifPresent(personality -> ExecutionDomain.assemble(asm, personality));
        directory.enter();
    }

    /** Gives it the standard streams, in a user namespace: the shim of a caller without privileges could not. */
    public void giveStreams() {
        long uid = process.user().uid();
        new StreamOwnership(asm, uid).give(value(uid));
    }

    /**
     * Becomes its user, with what that may do, and finds its executable as that. What is said here of a process is true
     * of one that is its child from then on, too.
     */
    public void becomeUser(Lifeline lifeline) {
        Credentials.assemble(asm, process, place.linux(), place.groups(), seccomp.heldCapabilities());
        lifeline.arm();
        directory.enterAsUser();
        executable.find();
        int umask = process.user().umask().orElse(DEFAULT_UMASK);
        asm.source("/process/user/umask", "set the umask to 0" + Integer.toOctalString(umask));
        asm.call(Syscall.UMASK, value(umask));
    }

    /** Resets signals and loads the seccomp filter: what follows has to be allowed by it. */
    public void confine(Message report, Register reporter) {
        asm.source(Source.runtime("give every signal its default disposition"));
        SignalDispositions.reset(asm);
        asm.source(Source.runtime("unblock all signals"));
        SignalMask.clear(asm);
        seccomp.load(report, reporter);
    }

    public void execute() {
        executable.execute(environment.table(asm));
        asm.exit(1);
    }
}
