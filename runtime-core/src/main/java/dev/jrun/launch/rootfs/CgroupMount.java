// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.cgroup.CgroupView;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.rootfs.Filesystem.Parameter;
import dev.jrun.launch.rootfs.MountCalls.Depth;
import dev.jrun.program.Assembler;
import dev.jrun.program.Register;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountFlag;
import dev.jrun.spec.MountOptions;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Mounts of type cgroup and cgroup2: the container's view of the hierarchies that the host has. */
public final class CgroupMount {

    private static final Set<MountFlag> SAFE =
            Collections.unmodifiableSet(EnumSet.of(MountFlag.NOSUID, MountFlag.NODEV, MountFlag.NOEXEC));
    private static final long DIRECTORY_MODE = 0755;

    private final ContainerRoot containerRoot;
    private final Assembler asm;
    private final CgroupView view;
    private final boolean ownNamespace;
    private final MountPoint mountPoint;
    private final BindMount bindMount;

    /**
     * @param ownNamespace whether the container has a cgroup namespace of its own, in which a new mount shows its
     *     cgroup as the root
     */
    public CgroupMount(ContainerRoot containerRoot, CgroupView view, boolean ownNamespace) {
        this.containerRoot = containerRoot;
        this.asm = containerRoot.asm;
        this.view = view;
        this.ownNamespace = ownNamespace;
        this.mountPoint = new MountPoint(containerRoot);
        this.bindMount = new BindMount(containerRoot);
    }

    /**
     * One of type cgroup is of all that the host has, one of type cgroup2 of the unified hierarchy, also where there
     * are others.
     */
    void assemble(Mount mount, List<Parameter> data) {
        if (view.legacy().isEmpty() || mount.type().orElse("").equals("cgroup2")) {
            unified(mount.place(), mount.options(), data);
        } else {
            legacy(mount.place(), mount.options());
        }
    }

    /** In its caller's cgroup a container could end, freeze or limit what is not its own. */
    private static MountOptions safe(MountOptions options, boolean isCallers) {
        return isCallers ? options.readOnly() : options;
    }

    private void unified(String destination, MountOptions asked, List<Parameter> data) {
        MountOptions options = safe(asked, view.isUnifiedCallers());
        if (ownNamespace || view.unified().isEmpty()) {
            containerRoot.mounts.make(Filesystem.shared("cgroup2", "cgroup", options.set(), data), containerRoot.mount);
            bindMount.changeAllBelow(containerRoot.mount, options);
        } else {
            // A new mount from the initial cgroup namespace would change the options of the host's (nsdelegate).
            bind(view.unified().get(), options, containerRoot.mount);
        }
        bindMount.propagate(containerRoot.mount, options);
        mountPoint.forFilesystem(destination);
        containerRoot.mounts.attach(containerRoot.mount, containerRoot.target);
        containerRoot.close(containerRoot.mount);
        containerRoot.close(containerRoot.target);
    }

    /** A tmpfs with a directory for each hierarchy, as distributions lay out /sys/fs/cgroup. */
    private void legacy(String destination, MountOptions options) {
        Register directory = asm.register("hierarchies");
        containerRoot.mounts.make(Filesystem.own("tmpfs", "tmpfs", SAFE, own("mode=755")), directory);
        bindMount.propagate(directory, options);
        mountPoint.forFilesystem(destination);
        containerRoot.mounts.attach(directory, containerRoot.target);
        containerRoot.close(containerRoot.target);
        for (CgroupView.Hierarchy hierarchy : view.legacy()) {
            hierarchy(directory, hierarchy, options);
        }
        if (options.isReadOnly() && !ownNamespace) {
            containerRoot.mounts.change(directory, Depth.SINGLE, MountAttributes.READ_ONLY);
        }
        containerRoot.close(directory);
    }

    /** Whatever is asked for, there is nothing in them to execute, and no device. */
    private static Set<MountFlag> flags(MountOptions options) {
        Set<MountFlag> flags = EnumSet.copyOf(SAFE);
        flags.addAll(options.set());
        return flags;
    }

    private List<Parameter> own(String... options) {
        return Filesystem.parameters(asm.source().pointer(), List.of(options));
    }

    private void hierarchy(Register directory, CgroupView.Hierarchy hierarchy, MountOptions asked) {
        MountOptions options = safe(asked, hierarchy.isCallers());
        asm.call(Syscall.MKDIRAT, directory, asm.string(hierarchy.name()), value(DIRECTORY_MODE));
        if (ownNamespace) {
            containerRoot.mounts.make(
                    Filesystem.shared(
                            "cgroup",
                            "cgroup",
                            flags(options),
                            Filesystem.parameters(asm.source().pointer(), hierarchy.options())),
                    containerRoot.mount);
            bindMount.changeAllBelow(containerRoot.mount, options);
        } else {
            bind(hierarchy.directory(), options, containerRoot.mount);
        }
        bindMount.propagate(containerRoot.mount, options);
        containerRoot.openInside(directory, hierarchy.name(), containerRoot.target);
        containerRoot.mounts.attach(containerRoot.mount, containerRoot.target);
        containerRoot.close(containerRoot.mount);
        containerRoot.close(containerRoot.target);
        linkControllers(directory, hierarchy);
    }

    /** Where a directory holds several controllers, each has a link to it, as cgroups(7) describes. */
    private void linkControllers(Register directory, CgroupView.Hierarchy hierarchy) {
        if (hierarchy.name().indexOf(',') < 0) {
            return;
        }
        for (String controller : hierarchy.name().split(",")) {
            asm.call(Syscall.SYMLINKAT, asm.string(hierarchy.name()), directory, asm.string(controller))
                    .ignore(Errno.EEXIST);
        }
    }

    private void bind(Path source, MountOptions options, Register mount) {
        bindMount.copy(source.toString(), options, mount);
        bindMount.change(mount, options);
    }
}
