// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.MountFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.rootfs.Filesystem.Parameter;
import dev.jrun.program.Assembler;
import dev.jrun.program.DescriptorPath;
import dev.jrun.program.Operand;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountOptions;
import java.util.List;
import java.util.Optional;

/**
 * Changes what was mounted under the same name, as {@code remount} of mount(8). No link of the image may lead to
 * another mount, and have what is to be read-only be written to.
 */
final class Remount {

    private static final Operand NOTHING = value(0);

    private final ContainerRoot containerRoot;
    private final Assembler asm;
    private final MountPoint mountPoint;
    private final BindMount bindMount;
    private final OwnSuperblocks superblocks;

    Remount(ContainerRoot containerRoot, MountPoint mountPoint, BindMount bindMount, OwnSuperblocks superblocks) {
        this.containerRoot = containerRoot;
        this.asm = containerRoot.asm;
        this.mountPoint = mountPoint;
        this.bindMount = bindMount;
        this.superblocks = superblocks;
    }

    /** @param parameters the options that are the file system's own */
    void assemble(Mount mount, List<Parameter> parameters) {
        Optional<Mount> changed = containerRoot.named.changedBy(mount);
        if (mount.options().bind() != MountOptions.Bind.NO) {
            changeMount(mount, changed);
        } else if (changed.isPresent() && superblocks.haveThatOf(changed.get())) {
            changeFilesystem(mount, changed.get(), parameters);
        } else {
            refuse(changed);
        }
    }

    /** Changes the mount alone, and not what others see of the file system. */
    private void changeMount(Mount mount, Optional<Mount> changed) {
        MountOptions options = mount.options();
        if (changed.isPresent()) {
            containerRoot.named.load(changed.get(), containerRoot.target);
        } else {
            mountPoint.existingWithoutLinks(mount.place());
        }
        bindMount.changeAlone(containerRoot.target, options);
        bindMount.changeAllBelow(containerRoot.target, options);
        bindMount.propagate(containerRoot.target, options);
        if (changed.isEmpty()) {
            containerRoot.close(containerRoot.target);
        }
    }

    private void changeFilesystem(Mount mount, Mount changed, List<Parameter> parameters) {
        MountOptions options = mount.options();
        String type = mount.type().orElse("none");
        containerRoot.named.load(changed, containerRoot.target);
        change(Filesystem.own(type, mount.source().orElse(type), options.set(), parameters));
        bindMount.changeAllBelow(containerRoot.target, options);
        bindMount.propagate(containerRoot.target, options);
    }

    /** What is mounted at the target gets the options of {@code filesystem} and none besides. */
    private void change(Filesystem filesystem) {
        DescriptorPath place = new DescriptorPath(asm, new byte[0], "");
        String data = filesystem.joined();
        place.write(containerRoot.target);
        asm.call(
                Syscall.MOUNT,
                asm.string(filesystem.source()),
                place.place(),
                NOTHING,
                value(MountFlags.MS_REMOUNT
                        | ClassicMountFlags.of(MountAttributes.ofNewMount(filesystem.flags()))
                        | ClassicMountFlags.ofSuperblock(filesystem.superblock())),
                data.isEmpty() ? NOTHING : asm.string(data));
    }

    private void refuse(Optional<Mount> changed) {
        containerRoot.refuse(
                (changed.isPresent()
                                ? ": the host may use the same file system"
                                : ": no mount before has this destination, and what is there may be the host's")
                        + "; with \"bind\" among the options the mount alone is changed",
                Errno.EINVAL);
    }
}
