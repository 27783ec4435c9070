// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import dev.jrun.kernel.Errno;
import dev.jrun.launch.rootfs.MissingPlaces.Missing;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.spec.ContainerPath;
import java.util.Set;

/**
 * Mount points in the root file system, made if missing. An existing one, without links on the way, is opened by one
 * call; {@link MissingPlaces} does everything else.
 */
final class MountPoint {

    /** Where links would lead masks, read-only paths and device files elsewhere, however a file system gets there. */
    private static final Set<String> KERNEL_PLACES = Set.of("dev", "proc", "sys");

    /** What is said where links are not followed. */
    static final String NO_LINK = ", where no link may be";

    static final String NO_LINK_BUT_A_DIRECTORY = ", which must be a directory and no link";

    private final ContainerRoot containerRoot;
    private final Assembler asm;

    MountPoint(ContainerRoot containerRoot) {
        this.containerRoot = containerRoot;
        this.asm = containerRoot.asm;
    }

    /** Opens the directory {@code path}, to put things in. */
    void directory(String path, Register result) {
        open(path, RootDirectory.DIRECTORY, Missing.DIRECTORY);
        asm.move(result, containerRoot.target);
    }

    /**
     * Opens the directory {@code path} for a file system, as {@link ContainerRoot#target}; /dev, /proc and /sys as
     * {@link #forKernelFilesystem}.
     */
    void forFilesystem(String path) {
        if (isForKernel(path)) {
            forKernelFilesystem(path);
        } else {
            open(path, RootDirectory.DIRECTORY_WITHOUT_LINKS, Missing.DIRECTORY);
        }
    }

    /**
     * Opens {@code path} for {@link ContainerRoot#mount}, as {@link ContainerRoot#target}; /dev, /proc and /sys as
     * {@link #forMountWithoutLinks}.
     */
    void forMount(String path) {
        if (isForKernel(path)) {
            forMountWithoutLinks(path);
        } else {
            open(path, RootDirectory.PLACE_WITHOUT_LINKS, Missing.LIKE_MOUNT);
        }
    }

    private static boolean isForKernel(String path) {
        return KERNEL_PLACES.contains(ContainerPath.relative(path));
    }

    /** The same, and if {@code path} is a symbolic link, the link itself ({@code dest-nofollow}). */
    void forMountOverLink(String path) {
        open(path, RootDirectory.ITSELF_WITHOUT_LINKS, Missing.LIKE_MOUNT_OR_LINK);
    }

    private void open(String path, RootDirectory.Opening opening, Missing made) {
        Label missing = asm.label("missing, or a link");
        Label found = asm.label("found");
        String relative = ContainerPath.relative(path);
        containerRoot
                .openInRoot(asm.string(relative), opening, containerRoot.target)
                .on(missing, Errno.ENOENT, Errno.ELOOP);
        asm.place(found);
        containerRoot.missing.detour(missing, relative, made, found);
    }

    /**
     * As {@link #forFilesystem}, but no link is followed. Where /proc and /sys are mounted, a link of the image would
     * have their masks, and what is written to them, end up elsewhere: closes CVE-2019-19921, CVE-2023-27561 and
     * CVE-2023-28642. In place of /dev, a link to a volume would have device files made there, and the volume's ptmx
     * removed: CVE-2026-41579, CVE-2026-47766.
     */
    void forKernelFilesystem(String path) {
        openWithoutLinks(path, RootDirectory.DIRECTORY_WITHOUT_LINKS, Missing.DIRECTORY, NO_LINK_BUT_A_DIRECTORY);
    }

    /** As {@link #forMount}, but no link is followed. */
    void forMountWithoutLinks(String path) {
        openWithoutLinks(path, RootDirectory.PLACE_WITHOUT_LINKS, Missing.LIKE_MOUNT, NO_LINK);
    }

    private void openWithoutLinks(String path, RootDirectory.Opening opening, Missing made, String condition) {
        Label missing = asm.label("missing");
        Label found = asm.label("found");
        String relative = ContainerPath.relative(path);
        try (var _ = asm.because(asm.source().with(condition))) {
            containerRoot
                    .openInRoot(asm.string(relative), opening, containerRoot.target)
                    .on(missing, Errno.ENOENT);
        }
        asm.place(found);
        containerRoot.missing.detour(missing, relative, made, found);
    }

    /**
     * Puts {@link ContainerRoot#mount} at {@link ContainerRoot#target}. The kernel says EINVAL if one is a directory
     * and the other is not; for mount(2) of a path it would say ENOTDIR.
     */
    void attach() {
        Label refused = asm.label("refused");
        containerRoot.mounts.attach(containerRoot.mount, containerRoot.target).on(refused, Errno.EINVAL);
        containerRoot.missing.refuse(refused, ", of which only one is a directory", Errno.ENOTDIR);
    }

    /** Opens {@code path}, which must be there, as {@link ContainerRoot#target}. */
    void existingWithoutLinks(String path) {
        try (var _ = asm.because(asm.source().with(NO_LINK))) {
            containerRoot.openInRoot(
                    asm.string(ContainerPath.relative(path)), RootDirectory.PLACE_WITHOUT_LINKS, containerRoot.target);
        }
    }
}
