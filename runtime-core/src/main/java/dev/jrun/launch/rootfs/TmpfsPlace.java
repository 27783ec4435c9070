// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Statfs;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.rootfs.MountCalls.Depth;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Register;
import dev.jrun.spec.MountAttribute;
import dev.jrun.spec.MountFlag;
import dev.jrun.spec.MountOptions;
import java.util.List;

/**
 * The place of a tmpfs, which takes the permissions of the directory that it hides, as with runc, and its content if
 * asked to.
 */
final class TmpfsPlace {

    private static final long PERMISSIONS = 07777;

    /** What a mount can forbid, in the words of config.json and of statfs(2). */
    private record Forbidden(MountFlag flag, MountAttribute attribute, long statfs) {}

    private static final List<Forbidden> FORBIDDEN = List.of(
            new Forbidden(MountFlag.NOSUID, MountAttribute.NOSUID, Statfs.ST_NOSUID),
            new Forbidden(MountFlag.NODEV, MountAttribute.NODEV, Statfs.ST_NODEV),
            new Forbidden(MountFlag.NOEXEC, MountAttribute.NOEXEC, Statfs.ST_NOEXEC),
            new Forbidden(MountFlag.NOSYMFOLLOW, MountAttribute.NOSYMFOLLOW, Statfs.ST_NOSYMFOLLOW));

    private final ContainerRoot containerRoot;
    private final Assembler asm;
    private final MountPoint mountPoint;
    private final CopyUp copyUp;

    TmpfsPlace(ContainerRoot containerRoot, MountPoint mountPoint, CopyUp copyUp) {
        this.containerRoot = containerRoot;
        this.asm = containerRoot.asm;
        this.mountPoint = mountPoint;
        this.copyUp = copyUp;
    }

    /**
     * Opens the directory {@code destination}, as {@link ContainerRoot#target}, and has {@link ContainerRoot#mount}
     * take over what it is to take over of it.
     */
    void open(String destination, MountOptions options) {
        boolean takesMode = !hasMode(options);
        if (!takesMode && !options.tmpcopyup()) {
            mountPoint.forFilesystem(destination);
            return;
        }
        asm.move(containerRoot.missing.made(), value(0));
        mountPoint.forFilesystem(destination);
        try (var _ = asm.when(containerRoot.missing.made(), Condition.EQUAL, value(0), "the directory is new")) {
            if (takesMode) {
                takeMode();
            }
            if (options.tmpcopyup()) {
                forbidTheSame(options);
                copyUp.copy(containerRoot.target, containerRoot.mount);
            }
        }
    }

    /**
     * What the hidden directory's mount forbids, the tmpfs forbids, unless an option says otherwise: the image's device
     * files and set-user-ID programs do not come to life by being copied.
     */
    private void forbidTheSame(MountOptions options) {
        try (var _ = asm.scope()) {
            Register flags = asm.register("flags of the mount");
            Address statfs = asm.space(Statfs.SIZE);
            asm.call(Syscall.FSTATFS, containerRoot.target, statfs);
            asm.load(flags, Width.LONG, statfs.plus(Statfs.FLAGS));
            for (Forbidden forbidden : FORBIDDEN) {
                if (!options.cleared().contains(forbidden.flag())
                        && !options.recursiveCleared().contains(forbidden.attribute())) {
                    try (var _ = asm.when(flags, Condition.ANY_BIT, value(forbidden.statfs()), "not forbidden")) {
                        containerRoot.mounts.change(
                                containerRoot.mount,
                                Depth.SINGLE,
                                new MountAttributes(MountAttributes.bits(forbidden.attribute()), 0));
                    }
                }
            }
        }
    }

    private static boolean hasMode(MountOptions options) {
        for (String option : options.data()) {
            if (option.startsWith("mode=")) {
                return true;
            }
        }
        return false;
    }

    private void takeMode() {
        try (var _ = asm.scope()) {
            Register mode = asm.register("mode");
            containerRoot.fileMode(containerRoot.target, mode);
            asm.compute(mode, mode, Operation.AND, value(PERMISSIONS));
            asm.call(Syscall.FCHMODAT, containerRoot.mount, asm.string("."), mode);
        }
    }
}
