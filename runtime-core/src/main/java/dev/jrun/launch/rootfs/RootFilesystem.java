// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.MountFlags;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.rootfs.MountCalls.Depth;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.spec.Mount;
import dev.jrun.spec.Propagation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The root file system: its own mount at the start, the root of the container at the end. */
public final class RootFilesystem {

    private static final Operand NOTHING = value(0);

    private final ContainerRoot containerRoot;
    private final Assembler asm;

    public RootFilesystem(ContainerRoot containerRoot) {
        this.containerRoot = containerRoot;
        this.asm = containerRoot.asm;
    }

    /**
     * Opens the root file system as {@link ContainerRoot#root}, with the caller's rights where the container's root has
     * others. From here on the host's mounts get nothing of what is mounted here.
     */
    public void open(Path rootfs, Optional<Propagation> propagation) {
        asm.source("/linux/rootfsPropagation", "cut the container's mounts off from the host's");
        long kind = propagation.map(MountAttributes::propagation).orElse(MountFlags.MS_SLAVE);
        // What the container shares with the host was copied before: Mounts.copySources.
        long cutOff = kind == MountFlags.MS_PRIVATE ? MountFlags.MS_PRIVATE : MountFlags.MS_SLAVE;
        asm.call(Syscall.MOUNT, NOTHING, asm.string("/"), NOTHING, value(cutOff | MountFlags.MS_REC), NOTHING);
        asm.source("/root/path", "open the root file system " + rootfs);
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        asm.string(rootfs.toString()),
                        value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.directory(containerRoot.machine)))
                .into(containerRoot.root);
    }

    /**
     * Puts it on a mount of its own, attached where it is: below Linux 6.15 nothing can be mounted in a detached tree.
     *
     * @param mounts all that will be made in it
     */
    public void prepare(List<Mount> mounts) {
        containerRoot.mounts.prepare(mounts);
        try (var _ = asm.scope()) {
            Register place = asm.register("rootfs");
            asm.source("/root/path", "mount the root file system");
            asm.move(place, containerRoot.root);
            containerRoot.mounts.copy(place, MountCalls.Depth.RECURSIVE, containerRoot.root);
            containerRoot.mounts.attach(containerRoot.root, place);
            containerRoot.close(place);
        }
    }

    /** Makes the root read-only ({@code root.readonly}), after everything in it is made. */
    public void makeReadOnly() {
        asm.source("/root/readonly", "make the root file system read-only");
        containerRoot.mounts.change(containerRoot.root, Depth.SINGLE, MountAttributes.READ_ONLY);
    }

    /**
     * Makes the root file system "/" and lets go of the host's root: both are stacked on "/" by pivot_root(2) with
     * equal arguments, and what is below is detached. The old root is reached by its descriptor, never by a path in the
     * container. umount2(2) takes what is on top of a place, so on a host with something mounted over its "/" it is
     * called until the host's root itself is gone: then there is nothing left that could be unmounted (EINVAL).
     */
    public void pivot(Optional<Propagation> propagation) {
        try (var _ = asm.scope()) {
            Register host = asm.register("host root");
            asm.source("/root/path", "make the root file system the root of the container");
            asm.call(
                            Syscall.OPENAT,
                            value(OpenFlags.AT_FDCWD),
                            asm.string("/"),
                            value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.directory(containerRoot.machine)))
                    .into(host);
            asm.call(Syscall.FCHDIR, containerRoot.root);
            asm.call(Syscall.PIVOT_ROOT, asm.string("."), asm.string("."));
            asm.call(Syscall.FCHDIR, host);
            asm.call(
                    Syscall.MOUNT,
                    NOTHING,
                    asm.string("."),
                    NOTHING,
                    value(MountFlags.MS_SLAVE | MountFlags.MS_REC),
                    NOTHING);
            Label more = asm.label("something was over the host's root");
            Label detached = asm.label("the host's root is detached");
            asm.call(Syscall.UMOUNT2, asm.string("."), value(MountFlags.MNT_DETACH));
            asm.place(more);
            asm.call(Syscall.UMOUNT2, asm.string("."), value(MountFlags.MNT_DETACH))
                    .on(detached, Errno.EINVAL);
            asm.go(more);
            asm.place(detached);
            asm.call(Syscall.CHDIR, asm.string("/"));
            containerRoot.close(host);
            propagate(propagation);
        }
    }

    /**
     * {@code --no-pivot}: moves the root file system over the host's root, for a root on ramfs, where pivot_root(2)
     * does not work. Nothing of the host's mounts stays but that root, and no path leads there.
     */
    public void moveOverHostRoot(Optional<Propagation> propagation, HostMounts host) {
        if (propagation
                .filter(kind -> MountAttributes.propagation(kind) == MountFlags.MS_PRIVATE)
                .isPresent()) {
            asm.source("/linux/rootfsPropagation", "private is not safe without pivot_root (--no-pivot)");
            asm.fail(Errno.EINVAL);
        }
        asm.source("/root/path", "move the root file system over the host's root (--no-pivot)");
        asm.call(Syscall.FCHDIR, containerRoot.root);
        asm.call(Syscall.MOUNT, asm.string("."), asm.string("/"), NOTHING, value(MountFlags.MS_MOVE), NOTHING);
        host.detach();
        asm.source("/root/path", "make the root file system the root of the container (--no-pivot)");
        asm.call(Syscall.CHROOT, asm.string("."));
        asm.call(Syscall.CHDIR, asm.string("/"));
        propagate(propagation);
    }

    /** {@code linux.rootfsPropagation}, on the container's root. */
    private void propagate(Optional<Propagation> propagation) {
        propagation.ifPresent(kind -> {
            asm.source("/linux/rootfsPropagation", "make the root file system " + kind.specName());
            long depth = kind.recursive() ? MountFlags.MS_REC : 0;
            asm.call(
                    Syscall.MOUNT,
                    NOTHING,
                    asm.string("/"),
                    NOTHING,
                    value(MountAttributes.propagation(kind) | depth),
                    NOTHING);
        });
    }
}
