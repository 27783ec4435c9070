// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import dev.jrun.kernel.MountFlags;
import dev.jrun.launch.rootfs.MountCalls.Depth;
import dev.jrun.spec.MountAttribute;
import dev.jrun.spec.MountFlag;
import dev.jrun.spec.MountOption;
import dev.jrun.spec.MountOption.Meaning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A change of a mount's attributes of which the kernel may refuse one part only, so that it is known whose fault an
 * error is. In a mount namespace of less privilege than the one that a mount comes from, what forbids something and how
 * access times are kept is locked (mount_namespaces(7)): EPERM for whoever takes it back.
 *
 * @param option the index of the mount option that asks for that part, if it is one's
 */
record MountChange(OptionalInt option, MountAttributes attributes) {

    private static final long NEVER_LOCKED = ~(MountFlags.MOUNT_ATTR__ATIME | MountFlags.MOUNT_ATTR_NODIRATIME);

    /** What is locked each for itself. */
    private static final long[] LOCKS = {
        MountFlags.MOUNT_ATTR_RDONLY,
        MountFlags.MOUNT_ATTR_NOSUID,
        MountFlags.MOUNT_ATTR_NODEV,
        MountFlags.MOUNT_ATTR_NOEXEC,
        MountFlags.MOUNT_ATTR_NOSYMFOLLOW,
        MountFlags.MOUNT_ATTR__ATIME,
        MountFlags.MOUNT_ATTR_NODIRATIME
    };

    /**
     * All changes that make up {@code wanted}, as few as possible.
     *
     * @param depth of the options that ask for it
     * @param options all of the mount's
     */
    static List<MountChange> of(MountAttributes wanted, Depth depth, List<String> options) {
        List<MountChange> changes = new ArrayList<>();
        long forbidden = wanted.set() & NEVER_LOCKED;
        for (long lock : LOCKS) {
            long set = wanted.set() & lock & ~NEVER_LOCKED;
            long cleared = wanted.cleared() & lock;
            if (set != 0 || cleared != 0) {
                changes.add(new MountChange(
                        lastAbout(lock, depth, options), new MountAttributes(set | forbidden, cleared)));
                forbidden = 0;
            }
        }
        if (forbidden != 0) {
            changes.add(new MountChange(lastAbout(forbidden, depth, options), new MountAttributes(forbidden, 0)));
        }
        return changes;
    }

    private static OptionalInt lastAbout(long locks, Depth depth, List<String> options) {
        for (int i = options.size() - 1; i >= 0; i--) {
            Optional<MountOption> option = MountOption.named(options.get(i));
            if (option.isPresent() && (locks & about(option.get().meaning(), depth)) != 0) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    private static long about(Meaning meaning, Depth depth) {
        if (depth == Depth.SINGLE) {
            if (meaning instanceof Meaning.Sets(MountFlag flag)) {
                return about(flag);
            }
            return meaning instanceof Meaning.Clears(MountFlag flag) ? about(flag) : 0;
        }
        if (meaning instanceof Meaning.SetsBelow(MountAttribute attribute)) {
            return about(attribute);
        }
        return meaning instanceof Meaning.ClearsBelow(MountAttribute attribute) ? about(attribute) : 0;
    }

    private static long about(MountFlag flag) {
        return switch (flag) {
            case NOATIME, RELATIME, STRICTATIME -> MountFlags.MOUNT_ATTR__ATIME;
            default -> MountAttributes.plain(flag);
        };
    }

    private static long about(MountAttribute attribute) {
        return switch (attribute) {
            case NOATIME, RELATIME, STRICTATIME -> MountFlags.MOUNT_ATTR__ATIME;
            default -> MountAttributes.bits(attribute);
        };
    }
}
