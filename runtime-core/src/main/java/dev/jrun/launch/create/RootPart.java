// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.create;

import dev.jrun.kernel.Errno;
import dev.jrun.launch.LaunchRequest;
import dev.jrun.launch.child.Lifeline;
import dev.jrun.launch.child.Message;
import dev.jrun.launch.namespace.UserNamespace;
import dev.jrun.launch.process.ProcessSetup;
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
import dev.jrun.spec.Config;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Mount;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.Propagation;
import java.util.Optional;

/** The steps in which init makes the container's root file system, and makes it its own. */
final class RootPart {

    private final Assembler asm;
    private final LaunchRequest request;
    private final Config config;
    private final Linux linux;
    private final ContainerRoot containerRoot;
    private final RootFilesystem root;
    private final PathRestrictions restrictions;
    private final Mounts mounts;
    private final DeviceFiles devices;
    private final Optional<Mount> placeOfNull;

    /** @param mappedMounts what the shim made of the mounts */
    RootPart(
            Assembler asm,
            LaunchRequest request,
            ContainerRoot containerRoot,
            CgroupMounts cgroupMounts,
            MappedMounts mappedMounts) {
        this.asm = asm;
        this.request = request;
        this.config = request.config();
        this.linux = config.linux();
        this.containerRoot = containerRoot;
        this.root = new RootFilesystem(containerRoot);
        this.restrictions = new PathRestrictions(containerRoot);
        this.mounts = new Mounts(
                containerRoot, request.bundle(), cgroupMounts, linux, mappedMounts.copies(), request.mountContext());
        this.devices = new DeviceFiles(containerRoot, config, request.rights());
        this.placeOfNull = devices.placeOfOwnNull();
    }

    /**
     * Before anything is done. Without pivot_root(2) the host's mounts are detached ({@link HostMounts}): others in the
     * namespace would lose theirs.
     */
    void refuseToJoinMounts() {
        if (!request.options().noPivot()) {
            return;
        }
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

    /** Opens it, where the host's paths still are; init is root of its user namespace from then on. */
    void open(UserNamespace userNamespace, Lifeline lifeline) {
        if (placeOfNull.isEmpty()) {
            restrictions.keepHostsNull(linux);
        }
        boolean sharesSources =
                linux.rootfsPropagation().filter(Propagation::isShared).isPresent()
                        && containerRoot.mounts.areDetached();
        if (sharesSources) {
            mounts.copySources(config.mounts());
        }
        root.open(request.rootfs(), linux.rootfsPropagation());
        if (userNamespace.isPresent()) {
            if (!sharesSources && containerRoot.mounts.areDetached()) {
                mounts.copySources(config.mounts());
            }
            userNamespace.becomeRoot(request.groups());
            lifeline.arm();
        }
        root.prepare(config.mounts());
    }

    /** Makes mounts, devices and the working directory. */
    void fill(ProcessSetup setup, Optional<PseudoTerminal> terminal, Message report, Register shim) {
        devices.keepMounts();
        restrictions.keepMounts(linux);
        mounts.assemble(config.mounts());
        devices.assemble();
        setup.makeWorkingDirectory(containerRoot);
        if (terminal.isPresent()) {
            makeTerminal(terminal.get(), report, shim);
        }
        mounts.assembleReadOnlyLast();
        if (placeOfNull.isPresent()) {
            restrictions.keepOwnNull(linux, placeOfNull.get());
        }
    }

    /** As soon as there is a devpts, and while something can be made in a /dev that will be read-only. */
    private void makeTerminal(PseudoTerminal made, Message report, Register shim) {
        try (var _ = asm.scope()) {
            Register master = asm.register("master");
            Register slave = asm.register("terminal");
            Register directory = asm.register("devpts");
            devices.openTerminals(directory);
            made.make(directory, master, slave);
            devices.mountConsole(slave);
            made.send(master, report, shim);
        }
    }

    /** Hides and protects what the container is not to see or change. */
    void restrict() {
        restrictions.assemble(linux);
        if (request.root().readonly()) {
            root.makeReadOnly();
        }
    }

    /** Has this process see nothing but the container's files. */
    void change(Label failed) {
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

    /** What several of these steps call, beside them. */
    void assembleSubroutines(Label failed) {
        mounts.assembleShared(failed);
        restrictions.assembleCover(failed);
    }
}
