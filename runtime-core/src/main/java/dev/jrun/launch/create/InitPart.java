// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.create;

import static dev.jrun.program.Operand.value;

import dev.jrun.cgroup.CgroupView;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.LaunchRequest;
import dev.jrun.launch.child.Lifeline;
import dev.jrun.launch.child.Message;
import dev.jrun.launch.child.ShimConnection;
import dev.jrun.launch.child.SyncSockets;
import dev.jrun.launch.hook.LaunchHooks;
import dev.jrun.launch.namespace.HostName;
import dev.jrun.launch.namespace.InheritedNamespaces;
import dev.jrun.launch.namespace.InitProcess;
import dev.jrun.launch.namespace.KernelParameters;
import dev.jrun.launch.namespace.LoopbackDevice;
import dev.jrun.launch.namespace.UserNamespace;
import dev.jrun.launch.part.AffinityReset;
import dev.jrun.launch.part.Concealment;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.process.Environment;
import dev.jrun.launch.process.PasswordFile;
import dev.jrun.launch.process.ProcessSetup;
import dev.jrun.launch.process.Scheduling;
import dev.jrun.launch.process.SessionKeyring;
import dev.jrun.launch.rootfs.CgroupMount;
import dev.jrun.launch.rootfs.CgroupMounts;
import dev.jrun.launch.rootfs.ContainerRoot;
import dev.jrun.launch.rootfs.MappedMounts;
import dev.jrun.launch.terminal.PseudoTerminal;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.Config;
import dev.jrun.spec.Namespace;
import java.util.Optional;

/** What the container's first process does between its birth and its executable. */
final class InitPart {

    private final Assembler asm;
    private final LaunchRequest request;
    private final ContainerRoot containerRoot;
    private final ProcessSetup setup;
    private final SyncSockets sync;
    private final LaunchHooks hooks;
    private final Scheduling scheduling;
    private final ShimConnection shim;
    private final Message passwd;
    private final Label failed;
    private final Label released;
    private final Optional<SessionKeyring> keyring;
    private final Optional<PseudoTerminal> terminal;

    InitPart(
            Assembler asm,
            LaunchRequest request,
            Machine machine,
            KernelCalls kernel,
            SyncSockets sync,
            LaunchHooks hooks,
            Scheduling scheduling) {
        this.asm = asm;
        this.request = request;
        this.containerRoot =
                new ContainerRoot(asm, machine, kernel, request.config().mounts());
        this.sync = sync;
        this.hooks = hooks;
        this.scheduling = scheduling;
        this.failed = asm.label("init failed");
        this.shim = new ShimConnection(asm, sync, containerRoot.context, failed);
        this.released = asm.label("released");
        this.setup = new ProcessSetup(
                request.process(),
                request.environment(),
                new ProcessSetup.Place(request.config().linux(), request.groups(), request.rights(), request.seccomp()),
                containerRoot,
                kernel,
                failed);
        this.passwd = new Message(asm, environment().needsHome() ? PasswordFile.LONGEST : 0);
        this.keyring =
                request.options().noNewKeyring() ? Optional.empty() : SessionKeyring.of(asm, kernel, setup.label());
        this.terminal = request.console().isPresent()
                ? Optional.of(new PseudoTerminal(
                        asm, request.process(), request.console().get()))
                : Optional.empty();
    }

    Environment environment() {
        return setup.environment();
    }

    /** From where on init lives without its shim. */
    Label released() {
        return released;
    }

    int passwdCapacity() {
        return passwd.capacity();
    }

    /**
     * Assembles it all.
     *
     * @param mappedMounts what the shim made of the mounts
     * @param gate what lets the executable start
     */
    void assemble(InitProcess process, UserNamespace userNamespace, MappedMounts mappedMounts, StartGate gate) {
        Lifeline lifeline = new Lifeline(asm, sync.init());
        RootPart root = new RootPart(asm, request, containerRoot, cgroupMounts(process), mappedMounts);
        shim.begin(lifeline, "begin init");
        root.refuseToJoinMounts();
        prepareAsCaller(process, userNamespace);
        enterNamespaces(process, userNamespace, lifeline);
        becomeIndependent();
        root.open(userNamespace, lifeline);
        root.fill(setup, terminal, shim.report(), sync.init());
        reportBorn(readPasswd());
        setUpNamespaces(userNamespace);
        hooks.awaitInInit(shim.report());
        hooks.createContainer(containerRoot.root);
        setup.labelExecutable();
        root.restrict();
        root.change(failed);
        becomeProcess(userNamespace, lifeline, gate);
        awaitGo();
        asm.go(released);
        root.assembleSubroutines(failed);
        asm.place(released);
        lifeline.release();
        gate.assembleInInit(sync, shim.reporter());
        hooks.prepareStartContainer(environment());
        setup.confine(shim.report(), shim.reporter());
        hooks.startContainer();
        setup.execute();
        shim.assembleFailed(hooks.words());
    }

    private CgroupMounts cgroupMounts(InitProcess process) {
        CgroupView view = request.cgroup().view();
        return new CgroupMounts(
                asm,
                new CgroupMount(containerRoot, view, process.asksFor(Namespace.Type.CGROUP)),
                new CgroupMount(containerRoot, view, false),
                process.cgroupNamespaceIsCallers());
    }

    /** What takes the host's files, while this process still is its caller's user. */
    private void prepareAsCaller(InitProcess process, UserNamespace userNamespace) {
        if (!request.rights().mapsHidden()
                && (!userNamespace.isNew() || request.config().linux().joins(Namespace.Type.PID))) {
            Concealment.ofInit(asm);
        }
        process.joinCgroups();
        AffinityReset.ofCgroup(asm);
        if (keyring.isPresent() && userNamespace.isPresent()) {
            keyring.get().joinAsCaller();
        }
    }

    /**
     * Every namespace is entered while this process still is its caller's user, whose files in /proc are its own; the
     * mount namespace last, since paths mean something else in it.
     */
    private void enterNamespaces(InitProcess process, UserNamespace userNamespace, Lifeline lifeline) {
        process.enterNamespaces(request.groups());
        if (process.hasPredecessor()) {
            lifeline.arm();
            process.announce();
        }
        if (userNamespace.isNew()) {
            asm.source(Source.runtime("wait until the user namespace is mapped"));
            sync.awaitGo();
        }
        process.enterLastNamespaces();
    }

    private void becomeIndependent() {
        asm.source(Source.runtime("begin init"));
        setup.prepareDescriptors();
        asm.call(Syscall.SETSID);
        asm.call(Syscall.UMASK, value(0));
    }

    /** What belongs to the namespaces that this process is in by now. */
    private void setUpNamespaces(UserNamespace userNamespace) {
        Config config = request.config();
        nameHost(config);
        if (config.linux().makes(Namespace.Type.NETWORK) && !InheritedNamespaces.haveNetwork(config)) {
            LoopbackDevice.assemble(asm);
        }
        if (!config.linux().netDevices().isEmpty()) {
            asm.source("/linux/netDevices", "wait for the network devices");
            sync.awaitGo();
        }
        new KernelParameters(containerRoot).assemble(config.linux(), failed);
        if (keyring.isPresent() && !userNamespace.isPresent()) {
            keyring.get().join();
        }
    }

    private void nameHost(Config config) {
        config.hostname().ifPresent(name -> HostName.assemble(asm, name));
        config.domainname().ifPresent(name -> HostName.assembleDomain(asm, name));
    }

    /** With the terminal, descriptors, limits and user that it executes with. */
    private void becomeProcess(UserNamespace userNamespace, Lifeline lifeline, StartGate gate) {
        if (terminal.isPresent()) {
            terminal.get().becomeStreams();
            terminal.get().becomeControlling();
        }
        setup.closeDescriptors(sync.kept());
        setup.limit(gate.descriptors(sync.kept()));
        setup.schedule(scheduling, shim.report());
        setup.settle();
        if (userNamespace.isPresent() && terminal.isEmpty()) {
            setup.giveStreams();
        }
        setup.becomeUser(lifeline);
    }

    /** Reads the container's /etc/passwd where HOME depends on it. */
    private Register readPasswd() {
        Register length = asm.register("passwd length");
        asm.source(Source.runtime("begin the report to the shim"));
        asm.move(length, value(0));
        if (!environment().needsHome()) {
            return length;
        }
        new PasswordFile(containerRoot).read(passwd.body(), PasswordFile.LONGEST, length);
        return length;
    }

    /** The engine records init and looks up HOME while init goes on. */
    private void reportBorn(Register passwdLength) {
        asm.source(Source.runtime("tell the shim what /etc/passwd says"));
        passwd.send(sync.init(), Message.KIND_BORN, passwdLength);
    }

    /**
     * The shim answers the birth when the state is recorded, most likely before init comes here, with the entry for
     * HOME; if it is gone, so is this process.
     */
    private void awaitGo() {
        asm.source(Source.runtime("wait until the container is recorded"));
        if (environment().needsHome()) {
            sync.awaitAnswer(environment().home(), Environment.size());
        } else {
            sync.awaitGo();
        }
    }
}
