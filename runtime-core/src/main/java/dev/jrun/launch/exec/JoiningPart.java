// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.exec;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.child.Lifeline;
import dev.jrun.launch.child.Message;
import dev.jrun.launch.child.ShimConnection;
import dev.jrun.launch.child.SyncSockets;
import dev.jrun.launch.namespace.CgroupJoining;
import dev.jrun.launch.namespace.CloneParent;
import dev.jrun.launch.namespace.InitNamespaces;
import dev.jrun.launch.namespace.UserNamespace;
import dev.jrun.launch.part.Concealment;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.process.Environment;
import dev.jrun.launch.process.ExecAffinity;
import dev.jrun.launch.process.PasswordFile;
import dev.jrun.launch.process.ProcessSetup;
import dev.jrun.launch.process.Scheduling;
import dev.jrun.launch.process.SessionKeyring;
import dev.jrun.launch.rootfs.ContainerRoot;
import dev.jrun.launch.terminal.PseudoTerminal;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;
import java.util.List;
import java.util.Optional;

/**
 * What a process does between its birth in the container's cgroup and its executable.
 *
 * <p>Two processes do it. The first joins the namespaces and becomes the container's user while it still is in its
 * caller's pid namespace, where no process of the container can name it. Its child is born into the container's, where
 * one that may trace any process (CAP_SYS_PTRACE in the user namespace of the host) could make it do anything: by then
 * it has no rights, files and directories but those that it executes with, and the right to load its seccomp filter.
 */
final class JoiningPart {

    /** What the child has open besides what it inherits: the socket to the shim, and the listener of a filter. */
    private static final int OWN_DESCRIPTORS = 2;

    private static final String BEGIN = "begin to join the container";

    private final Assembler asm;
    private final ExecRequest request;
    private final Machine machine;
    private final KernelCalls kernel;
    private final SyncSockets sync;
    private final Scheduling scheduling;
    private final ContainerRoot containerRoot;
    private final ProcessSetup setup;
    private final ShimConnection shim;
    private final Message passwd;
    private final Optional<KnownHome> known;
    private final Register asks;
    private final Optional<PseudoTerminal> terminal;

    JoiningPart(
            Assembler asm,
            ExecRequest request,
            Machine machine,
            KernelCalls kernel,
            SyncSockets sync,
            Scheduling scheduling) {
        this.asm = asm;
        this.request = request;
        this.machine = machine;
        this.kernel = kernel;
        this.sync = sync;
        this.scheduling = scheduling;
        this.containerRoot = new ContainerRoot(asm, machine, kernel, List.of());
        Label failed = asm.label("the joining process failed");
        this.shim = new ShimConnection(asm, sync, containerRoot.context, failed);
        this.setup = new ProcessSetup(
                request.process(),
                request.process().env(),
                new ProcessSetup.Place(request.linux(), request.groups(), request.rights(), request.seccomp()),
                containerRoot,
                kernel,
                failed);
        this.passwd = new Message(asm, environment().needsHome() ? PasswordFile.LONGEST : 0);
        this.known = environment().needsHome() ? Optional.of(new KnownHome(asm, environment())) : Optional.empty();
        this.asks = asm.register("asks for HOME");
        this.terminal = request.console().isPresent()
                ? Optional.of(new PseudoTerminal(
                        asm, request.process(), request.console().get()))
                : Optional.empty();
    }

    Environment environment() {
        return setup.environment();
    }

    int passwdCapacity() {
        return passwd.capacity();
    }

    /** What HOME was the last time, if the environment does not say what it is. */
    Optional<KnownHome> knownHome() {
        return known;
    }

    void assemble(CgroupJoining cgroups, ExecAffinity affinity, InitNamespaces namespaces, CloneParent cloneParent) {
        Lifeline lifeline = new Lifeline(asm, sync.init());
        shim.begin(lifeline, BEGIN);
        cgroups.assemble();
        affinity.finish();
        prepareAsCaller();
        join(namespaces, lifeline);
        if (known.isPresent()) {
            reportPasswd(known.get());
        }
        setup.closeDescriptors(sync.kept());
        leaveCaller();
        setup.limitAsParent(sync.kept().first() + OWN_DESCRIPTORS);
        setup.settle();
        if (request.isInUserNamespace() && terminal.isEmpty()) {
            setup.giveStreams();
        }
        setup.becomeUser(lifeline);
        if (known.isPresent()) {
            awaitHome();
        }
        asm.source(Source.runtime("start the process in the container's pid namespace"));
        cloneParent.handOver(0);
        lifeline.arm();
        becomeIndependent(cloneParent);
        setup.limitAsChild();
        setup.schedule(scheduling, shim.report());
        asm.source(Source.runtime("wait until the process may execute"));
        sync.awaitGo();
        lifeline.release();
        setup.confine(shim.report(), shim.reporter());
        setup.execute();
        shim.assembleFailed(List.of());
    }

    /** What takes the files in /proc that are its caller's, in a mount namespace that no container can change. */
    private void prepareAsCaller() {
        setup.labelExecutableAsCaller();
        if (request.keyring() == ExecRequest.Keyring.OWN) {
            SessionKeyring.of(asm, kernel, setup.label()).ifPresent(SessionKeyring::joinAsCaller);
        }
        asm.source(Source.runtime(BEGIN));
        setup.prepareDescriptors();
        if (!request.rights().opensHidden()) {
            Concealment.ofInit(asm);
        }
    }

    private void join(InitNamespaces namespaces, Lifeline lifeline) {
        namespaces.enter(request.groups());
        UserNamespace user = new UserNamespace(asm, request.linux());
        if (user.isPresent()) {
            user.becomeRootBeside(request.groups());
            lifeline.arm();
        }
    }

    /**
     * The child may be traced from its first instruction on. In its caller's session it could type into the caller's
     * terminal (TIOCSTI of ioctl_tty(2)), and in its process group end what the caller has started.
     */
    private void leaveCaller() {
        asm.source(Source.runtime("leave the caller's session and process group"));
        asm.call(Syscall.SETSID);
        if (terminal.isPresent()) {
            makeTerminal(terminal.get());
            terminal.get().becomeStreams();
        }
    }

    /** In the container's devpts, as it is by now; /dev/console stays the terminal of the container's own process. */
    private void makeTerminal(PseudoTerminal made) {
        try (var _ = asm.scope()) {
            Register master = asm.register("master");
            Register slave = asm.register("terminal");
            Register directory = asm.register("devpts");
            asm.source("/process/terminal", "open /dev/pts, where terminals are made");
            asm.call(
                            Syscall.OPENAT2,
                            value(OpenFlags.AT_FDCWD),
                            asm.string("/dev/pts"),
                            asm.bytes(Struct.ofLongs(
                                    OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.directory(machine),
                                    0,
                                    OpenFlags.RESOLVE_NO_SYMLINKS)),
                            value(OpenFlags.OPEN_HOW_SIZE))
                    .into(directory)
                    .retry();
            made.make(directory, master, slave);
            made.send(master, shim.report(), sync.init());
        }
    }

    /** The shim answers with the entry for HOME, unless that is known. */
    private void reportPasswd(KnownHome home) {
        try (var _ = asm.scope()) {
            Register length = asm.register("passwd length");
            Label same = asm.label("HOME is known");
            asm.source(Source.runtime("open the container's root"));
            asm.call(
                            Syscall.OPENAT,
                            value(OpenFlags.AT_FDCWD),
                            asm.string("/"),
                            value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.directory(machine)))
                    .into(containerRoot.root);
            new PasswordFile(containerRoot).read(passwd.body(), PasswordFile.LONGEST, length);
            asm.source(Source.runtime("find out whether /etc/passwd says what it said the last time"));
            asm.move(asks, value(0));
            home.compare(passwd.body(), length, same);
            asm.source(Source.runtime("tell the shim what /etc/passwd says"));
            passwd.send(sync.init(), Message.KIND_BORN, length);
            asm.move(asks, value(1));
            asm.place(same);
        }
    }

    private void awaitHome() {
        try (var _ = asm.when(asks, Condition.NOT_EQUAL, value(0), "HOME is known")) {
            asm.source(Source.runtime("wait until HOME is known"));
            sync.awaitAnswer(environment().home(), Environment.size());
        }
    }

    private void becomeIndependent(CloneParent cloneParent) {
        asm.source(Source.runtime("begin a session"));
        asm.call(Syscall.SETSID);
        if (terminal.isPresent()) {
            terminal.get().becomeControlling();
        }
        cloneParent.announce();
    }
}
