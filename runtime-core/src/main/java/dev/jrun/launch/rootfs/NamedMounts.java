// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Register;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountFlag;
import dev.jrun.spec.MountOptions;
import dev.jrun.spec.MountOptions.Link;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The mounts of config.json by the places that it names, and their descriptors, where something else is to be found
 * from them. Beneath a descriptor, what a path names does not depend on the directories of the root file system, which
 * others may rename while the container is made, nor on the links of the image, which may have led another mount to the
 * same place.
 */
final class NamedMounts {

    private final Assembler asm;
    private final Map<String, Mount> byPlace = new HashMap<>();
    private final Map<String, Mount> kernelFilesystems = new HashMap<>();

    /**
     * Those of {@link #kernelFilesystems} whose place was given to something of which it cannot be said what it will
     * be.
     */
    private final Set<Mount> hidden = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Map<Mount, Integer> order = new IdentityHashMap<>();

    /** What a mount of config.json changes that was made before, for those with {@code remount}. */
    private final Map<Mount, Mount> changed = new IdentityHashMap<>();

    private final Map<Mount, Address> kept = new IdentityHashMap<>();

    /**
     * A path that is at a mount or beneath it.
     *
     * @param rest the path from there, "." if it is the mount's own
     */
    record Inside(Mount mount, String rest) {

        boolean isMount() {
            return rest.equals(".");
        }
    }

    NamedMounts(Assembler asm, List<Mount> mounts) {
        this.asm = asm;
        for (int i = 0; i < mounts.size(); i++) {
            Mount mount = mounts.get(i);
            if (mount.options().set().contains(MountFlag.REMOUNT)) {
                Mount earlier = byPlace.get(mount.place());
                if (earlier != null) {
                    changed.put(mount, earlier);
                    keep(earlier);
                }
            } else if (isOneMount(mount)) {
                byPlace.put(mount.place(), mount);
                order.put(mount, i);
                if (isKernelFilesystem(mount)) {
                    kernelFilesystems.put(mount.place(), mount);
                } else {
                    kernelFilesystems.remove(mount.place());
                }
            } else if (kernelFilesystems.containsKey(mount.place())) {
                hidden.add(kernelFilesystems.get(mount.place()));
            }
        }
    }

    /** Not so one that may become a link, and not the hierarchies of cgroups, which may be many. */
    private static boolean isOneMount(Mount mount) {
        if (mount.options().bind() != MountOptions.Bind.NO) {
            return !mount.options().links().contains(Link.COPIED);
        }
        String type = mount.type().orElse("");
        return !type.equals("cgroup") && !type.equals("cgroup2");
    }

    /** A procfs or sysfs, or what is bind-mounted in its place. */
    private static boolean isKernelFilesystem(Mount mount) {
        if (mount.options().bind() != MountOptions.Bind.NO) {
            return mount.place().equals("proc") || mount.place().equals("sys");
        }
        String type = mount.type().orElse("");
        return type.equals("proc") || type.equals("sysfs");
    }

    /**
     * Whether a mount that is made later may be in place of {@code kernelFilesystem} or above it, so that something
     * else is seen there. It cannot be where this is a name in the root, and what is there is of the kernel: no link
     * leads a mount to the root or to a file system of the kernel ({@link MissingPlaces}). Directories in the root are
     * another matter: a volume may be mounted on them, by their name or behind a link.
     */
    boolean mayBeHidden(Mount kernelFilesystem) {
        return kernelFilesystem.place().indexOf('/') >= 0
                || hidden.contains(kernelFilesystem)
                || !isSurelyOfTheKernel(kernelFilesystem);
    }

    /**
     * That what is bind-mounted in place of /proc is a procfs is made sure of; in place of /sys it may be any volume.
     */
    private static boolean isSurelyOfTheKernel(Mount mount) {
        return mount.options().bind() == MountOptions.Bind.NO
                || mount.place().equals("proc")
                || mount.source().orElse("").equals("/sys");
    }

    /**
     * Which mount {@code path} is at or beneath: of all that have a part of it as their place, the last one, since it
     * hides the others.
     *
     * @param path relative to the root, as {@link dev.jrun.spec.ContainerPath#relative} has it
     */
    Optional<Inside> around(String path) {
        return last(byPlace, path);
    }

    /**
     * The same, of procfs and sysfs alone. What is mounted there besides is on the way from them, and has no link that
     * leads out of them; nor does a link lead a mount to them ({@link MissingPlaces}), so that what they hold is what
     * is seen, unless they {@link #mayBeHidden}.
     */
    Optional<Inside> kernelFilesystemAround(String path) {
        return last(kernelFilesystems, path);
    }

    private Optional<Inside> last(Map<String, Mount> mounts, String path) {
        Mount last = mounts.get(path);
        String rest = ".";
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            Mount above = mounts.get(path.substring(0, slash));
            if (above != null && (last == null || order.get(above) > order.get(last))) {
                last = above;
                rest = path.substring(slash + 1);
            }
        }
        return last == null ? Optional.empty() : Optional.of(new Inside(last, rest));
    }

    /** The mount that is at {@code path} and not hidden by one that was made after it. */
    Optional<Mount> at(String path) {
        Optional<Inside> inside = around(path);
        return inside.isPresent() && inside.get().isMount()
                ? Optional.of(inside.get().mount())
                : Optional.empty();
    }

    /** What {@code remount} changes, if it was made under the same name. */
    Optional<Mount> changedBy(Mount remount) {
        return Optional.ofNullable(changed.get(remount));
    }

    /** Has the descriptor of a mount kept; to be called before mounts are made. */
    void keep(Optional<Inside> inside) {
        if (inside.isPresent()) {
            keep(inside.get().mount());
        }
    }

    private void keep(Mount mount) {
        if (!kept.containsKey(mount)) {
            kept.put(mount, asm.space(Long.BYTES));
        }
    }

    /** Whether {@link #made} is to be called, and {@link #load} can be. */
    boolean isKept(Mount mount) {
        return kept.containsKey(mount);
    }

    /** {@code mount} was made, and {@code descriptor} stays open. */
    void made(Mount mount, Register descriptor) {
        asm.store(Width.LONG, kept.get(mount), descriptor);
    }

    /** {@code descriptor =} that of {@code mount}. */
    void load(Mount mount, Register descriptor) {
        asm.load(descriptor, Width.LONG, kept.get(mount));
    }
}
