// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.cgroup.CgroupView;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.NewerCall;
import dev.jrun.kernel.Syscall;
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
import dev.jrun.launch.part.Lifeline;
import dev.jrun.launch.part.Message;
import dev.jrun.launch.part.SyncSockets;
import dev.jrun.launch.process.Environment;
import dev.jrun.launch.process.PasswordFile;
import dev.jrun.launch.process.ProcessSetup;
import dev.jrun.launch.process.Scheduling;
import dev.jrun.launch.process.SessionKeyring;
import dev.jrun.launch.rootfs.CgroupMount;
import dev.jrun.launch.rootfs.CgroupMounts;
import dev.jrun.launch.rootfs.ContainerRoot;
import dev.jrun.launch.rootfs.DeviceFiles;
import dev.jrun.launch.rootfs.HostMounts;
import dev.jrun.launch.rootfs.MappedMounts;
import dev.jrun.launch.rootfs.Mounts;
import dev.jrun.launch.rootfs.PathRestrictions;
import dev.jrun.launch.rootfs.RootFilesystem;
import dev.jrun.launch.terminal.PseudoTerminal;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.Config;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Mount;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.Propagation;
import java.util.Optional;

/** What the container's first process does between its birth and its executable. */
public final class InitPart {

    private final Assembler asm;
    private final LaunchRequest request;
    private final KernelCalls kernel;
    private final ContainerRoot containerRoot;
    private final ProcessSetup setup;
    private final SyncSockets sync;
    private final LaunchHooks hooks;
    private final Scheduling scheduling;
    private final Register reporter;
    private final Message report;
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
        this.kernel = kernel;
        this.containerRoot =
                new ContainerRoot(asm, machine, kernel, request.config().mounts());
        this.sync = sync;
        this.hooks = hooks;
        this.scheduling = scheduling;
        this.reporter = asm.register("reporter");
        this.report = new Message(asm, Message.MAX_DIAGNOSIS);
        this.failed = asm.label("init failed");
        this.released = asm.label("released");
        this.setup = new ProcessSetup(
                request.process(),
                request.environment(),
                new ProcessSetup.Place(request.config().linux(), request.groups(), request.rights(), request.seccomp()),
                containerRoot,
                kernel,
                failed);
        this.passwd = new Message(asm, environment().needsHome() ? PasswordFile.LONGEST : 0);
        this.keyring = keyring();
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
        Config config = request.config();
        Lifeline lifeline = new Lifeline(asm, sync.init());
        RootFilesystem root = new RootFilesystem(containerRoot);
        PathRestrictions restrictions = new PathRestrictions(containerRoot);
        Mounts mounts = new Mounts(
                containerRoot,
                request.bundle(),
                cgroupMounts(process),
                config.linux(),
                mappedMounts.copies(),
                request.mountContext());

        begin(lifeline);
        if (request.options().noPivot()) {
            refuseToJoinMounts(config.linux());
        }
        if (!request.rights().mapsHidden()
                && (!userNamespace.isNew() || config.linux().joins(Namespace.Type.PID))) {
            Concealment.ofInit(asm);
        }
        process.joinCgroups();
        AffinityReset.ofCgroup(asm);
        if (keyring.isPresent() && userNamespace.isPresent()) {
            keyring.get().joinAsCaller();
        }
        enterNamespaces(process, userNamespace, lifeline);
        becomeIndependent();
        DeviceFiles devices = new DeviceFiles(containerRoot, config);
        Optional<Mount> placeOfNull = devices.placeOfOwnNull(request.rights().makesDeviceFiles());
        if (placeOfNull.isEmpty()) {
            restrictions.keepHostsNull(config.linux());
        }
        boolean sharesSources =
                config.linux().rootfsPropagation().filter(Propagation::isShared).isPresent()
                        && containerRoot.mounts.areDetached();
        if (sharesSources) {
            mounts.copySources(config.mounts());
        }
        root.open(request.rootfs(), config.linux().rootfsPropagation());
        if (userNamespace.isPresent()) {
            if (!sharesSources && containerRoot.mounts.areDetached()) {
                mounts.copySources(config.mounts());
            }
            userNamespace.becomeRoot(request.groups());
            lifeline.arm();
        }
        root.prepare(config.mounts());
        fillRoot(mounts, devices, restrictions);
        if (placeOfNull.isPresent()) {
            restrictions.keepOwnNull(config.linux(), placeOfNull.get());
        }
        reportBorn(readPasswd());
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
        hooks.awaitInInit(report);
        hooks.createContainer(containerRoot.root);
        setup.labelExecutable();
        restrictions.assemble(config.linux());
        if (request.root().readonly()) {
            root.makeReadOnly();
        }
        changeRoot(root, config.linux());
        if (terminal.isPresent()) {
            terminal.get().becomeStreams();
            terminal.get().becomeControlling();
        }
        setup.closeDescriptors(sync.kept());
        setup.limit(gate.descriptors(sync.kept()));
        setup.schedule(scheduling, report);
        setup.settle();
        if (userNamespace.isPresent() && terminal.isEmpty()) {
            setup.giveStreams();
        }
        setup.becomeUser(lifeline);
        awaitGo();
        asm.go(released);
        mounts.assembleShared(failed);
        restrictions.assembleCover(failed);
        asm.place(released);
        lifeline.release();
        gate.assembleInInit(sync, reporter);
        hooks.prepareStartContainer(environment());
        setup.confine(report, reporter);
        hooks.startContainer();
        setup.execute();

        asm.place(failed);
        reportFailure();
    }

    private CgroupMounts cgroupMounts(InitProcess process) {
        CgroupView view = request.cgroup().view();
        return new CgroupMounts(
                asm,
                new CgroupMount(containerRoot, view, process.asksFor(Namespace.Type.CGROUP)),
                new CgroupMount(containerRoot, view, false),
                process.cgroupNamespaceIsCallers());
    }

    private void begin(Lifeline lifeline) {
        asm.onFail(failed);
        asm.move(reporter, sync.init());
        asm.source(Source.runtime("begin init"));
        asm.move(containerRoot.context, value(0));
        asm.call(Syscall.CLOSE, sync.shim());
        asm.call(Syscall.CLOSE, Register.SESSION);
        sync.kept().gather(reporter);
        lifeline.arm();
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

    private void fillRoot(Mounts mounts, DeviceFiles devices, PathRestrictions restrictions) {
        Config config = request.config();
        devices.keepMounts();
        restrictions.keepMounts(config.linux());
        mounts.assemble(config.mounts());
        devices.assemble(request.rights().makesDeviceFiles());
        setup.makeWorkingDirectory(containerRoot);
        if (terminal.isPresent()) {
            makeTerminal(terminal.get(), devices);
        }
        mounts.assembleReadOnlyLast();
    }

    /** As soon as there is a devpts, and while something can be made in a /dev that will be read-only. */
    private void makeTerminal(PseudoTerminal made, DeviceFiles devices) {
        try (var _ = asm.scope()) {
            Register master = asm.register("master");
            Register slave = asm.register("terminal");
            Register directory = asm.register("devpts");
            devices.openTerminals(directory);
            made.make(directory, master, slave);
            devices.mountConsole(slave);
            made.send(master, report, sync.init());
        }
    }

    /**
     * Without pivot_root(2) the host's mounts are detached ({@link HostMounts}): others in the namespace would lose
     * theirs.
     */
    private void refuseToJoinMounts(Linux linux) {
        for (int i = 0; i < linux.namespaces().size(); i++) {
            Namespace namespace = linux.namespaces().get(i);
            if (namespace.type() == Namespace.Type.MOUNT && !namespace.isNew()) {
                asm.source(
                        "/linux/namespaces/" + i + "/path",
                        "without pivot_root (--no-pivot) the other processes there would lose their mounts");
                asm.fail(Errno.EINVAL);
            }
        }
    }

    private void changeRoot(RootFilesystem root, Linux linux) {
        if (!request.options().noPivot()) {
            containerRoot.mounts.finish();
            root.pivot(linux.rootfsPropagation());
            return;
        }
        try (var _ = asm.scope()) {
            HostMounts host = new HostMounts(containerRoot);
            host.open(failed);
            containerRoot.mounts.finish();
            root.moveOverHostRoot(linux.rootfsPropagation(), host);
        }
    }

    /** Where there is no keyctl(2), neither has the container what it takes to read its caller's keys. */
    private Optional<SessionKeyring> keyring() {
        return request.options().noNewKeyring() || !kernel.has(NewerCall.KEYCTL)
                ? Optional.empty()
                : Optional.of(new SessionKeyring(asm, setup.label()));
    }

    private void nameHost(Config config) {
        config.hostname().ifPresent(name -> HostName.assemble(asm, name));
        config.domainname().ifPresent(name -> HostName.assembleDomain(asm, name));
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

    /** Reports the failure, with the words on it that a file system context or a hook has left. */
    private void reportFailure() {
        try (var _ = asm.scope()) {
            Register length = asm.register("length");
            asm.source(Source.runtime("report what failed"));
            asm.move(length, value(0));
            report.fill(containerRoot.context, length);
            hooks.quote(report, length);
            report.sendFailure(reporter, length);
            asm.exit(1);
        }
    }
}
