// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.MountFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.DescriptorPath;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/** Changes a mounted file system, and the flags of its mount ({@code remount}); MS_REMOUNT of mount(2). */
final class Remount {

    private static final Operand NOTHING = value(0);

    private final Assembler asm;
    private final DescriptorPath place;

    Remount(ContainerRoot containerRoot) {
        this.asm = containerRoot.asm;
        this.place = new DescriptorPath(asm, new byte[0], "");
    }

    /** {@code mount} gets the options of {@code filesystem} and none besides. */
    void assemble(Register mount, Filesystem filesystem) {
        String data = filesystem.joined();
        place.write(mount);
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
}
