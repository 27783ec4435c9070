// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A mount's options and what they mean, mount(8) and "Linux mount options" of the specification's config.md.
 *
 * @param written as they are in config.json
 * @param bind whether it is a bind mount, and how deep
 * @param set flags that are asked for
 * @param cleared flags whose opposite is asked for; disjoint from {@code set}, since the last of two contradicting
 *     options counts
 * @param propagation to be applied in this order, after mounting
 * @param recursiveSet attributes to set on this mount and all below
 * @param recursiveCleared attributes to clear on this mount and all below; disjoint from {@code recursiveSet}
 * @param tmpcopyup whether what the destination held is copied into the new tmpfs
 * @param idmap whether, and how deep, the mount's ids are mapped
 * @param idMappings what is behind {@code idmap=} or {@code ridmap=}, for {@link MountIdMappings}
 * @param links the symbolic links that are not followed
 * @param data options for the file system itself: all that are not known here, each for itself
 */
public record MountOptions(
        List<String> written,
        Bind bind,
        Set<MountFlag> set,
        Set<MountFlag> cleared,
        List<Propagation> propagation,
        Set<MountAttribute> recursiveSet,
        Set<MountAttribute> recursiveCleared,
        boolean tmpcopyup,
        IdMap idmap,
        Optional<String> idMappings,
        Set<Link> links,
        List<String> data) {
    public MountOptions {
        written = List.copyOf(written);
        set = Collections.unmodifiableSet(copyOf(set, MountFlag.class));
        cleared = Collections.unmodifiableSet(copyOf(cleared, MountFlag.class));
        propagation = List.copyOf(propagation);
        recursiveSet = Collections.unmodifiableSet(copyOf(recursiveSet, MountAttribute.class));
        recursiveCleared = Collections.unmodifiableSet(copyOf(recursiveCleared, MountAttribute.class));
        links = Collections.unmodifiableSet(copyOf(links, Link.class));
        data = List.copyOf(data);
    }

    /** Takes apart a list of options. Every list has a meaning: what is not an option known here is data. */
    public static MountOptions of(List<String> options) {
        MountOptionsBuilder meant = new MountOptionsBuilder();
        for (String option : options) {
            Optional<MountOption> known = MountOption.named(option);
            if (known.isPresent()) {
                known.get().meaning().addTo(meant, option);
            } else {
                meant.addData(option);
            }
        }
        return meant.build(options);
    }

    /** What is behind an option's equals sign, if anything. */
    public static Optional<String> valueOf(String option) {
        int equals = option.indexOf('=');
        return equals < 0 || equals == option.length() - 1
                ? Optional.empty()
                : Optional.of(option.substring(equals + 1));
    }

    /** Whether a mount that has none below it is to be read-only. */
    public boolean isReadOnly() {
        return recursiveSet.contains(MountAttribute.RDONLY)
                || set.contains(MountFlag.RDONLY) && !recursiveCleared.contains(MountAttribute.RDONLY);
    }

    /** These options with what makes read-only, whatever they say of it. */
    public MountOptions readOnly() {
        EnumSet<MountFlag> flags = copyOf(set, MountFlag.class);
        flags.add(MountFlag.RDONLY);
        return with(
                flags,
                without(cleared, MountFlag.RDONLY, MountFlag.class),
                recursiveSet,
                without(recursiveCleared, MountAttribute.RDONLY, MountAttribute.class));
    }

    /** These options without what makes read-only. */
    public MountOptions writable() {
        return with(
                without(set, MountFlag.RDONLY, MountFlag.class),
                cleared,
                without(recursiveSet, MountAttribute.RDONLY, MountAttribute.class),
                recursiveCleared);
    }

    private static <E extends Enum<E>> Set<E> without(Set<E> values, E value, Class<E> type) {
        EnumSet<E> remaining = copyOf(values, type);
        remaining.remove(value);
        return remaining;
    }

    private MountOptions with(
            Set<MountFlag> flags,
            Set<MountFlag> flagsCleared,
            Set<MountAttribute> below,
            Set<MountAttribute> belowCleared) {
        return new MountOptions(
                written,
                bind,
                flags,
                flagsCleared,
                propagation,
                below,
                belowCleared,
                tmpcopyup,
                idmap,
                idMappings,
                links,
                data);
    }

    private static <E extends Enum<E>> EnumSet<E> copyOf(Set<E> set, Class<E> type) {
        EnumSet<E> copy = EnumSet.noneOf(type);
        copy.addAll(set);
        return copy;
    }

    /** Bind mounts. */
    public enum Bind {
        /** A new mount of a file system. */
        NO,
        /** {@code bind}: the source's mount alone. */
        SINGLE,
        /** {@code rbind}: with all mounts below it. */
        RECURSIVE
    }

    /** Symbolic links at the ends of a bind mount, which are followed otherwise. */
    public enum Link {
        /**
         * {@code copy-symlink}: if the source is a link, one that says the same is made at the destination, and no
         * mount.
         */
        COPIED,
        /** {@code src-nofollow}: if the source is a link, it is what is mounted. */
        SOURCE,
        /** {@code dest-nofollow}: if the destination is a link, it is what is mounted over. */
        DESTINATION
    }

    /** Mappings of ids, "id-mapped mounts" in mount_setattr(2). */
    public enum IdMap {
        NO,
        /** {@code idmap}. */
        SINGLE,
        /** {@code ridmap}. */
        RECURSIVE
    }
}
