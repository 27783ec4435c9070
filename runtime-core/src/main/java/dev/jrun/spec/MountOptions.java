// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import dev.jrun.spec.MountOption.Meaning;
import java.util.ArrayList;
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
    /** Of which a mount has one. */
    private static final Set<MountAttribute> ACCESS_TIMES =
            EnumSet.of(MountAttribute.RELATIME, MountAttribute.NOATIME, MountAttribute.STRICTATIME);

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
        Bind bind = Bind.NO;
        EnumSet<MountFlag> set = EnumSet.noneOf(MountFlag.class);
        EnumSet<MountFlag> cleared = EnumSet.noneOf(MountFlag.class);
        List<Propagation> propagation = new ArrayList<>();
        EnumSet<MountAttribute> recursiveSet = EnumSet.noneOf(MountAttribute.class);
        EnumSet<MountAttribute> recursiveCleared = EnumSet.noneOf(MountAttribute.class);
        boolean tmpcopyup = false;
        IdMap idmap = IdMap.NO;
        Optional<String> idMappings = Optional.empty();
        EnumSet<Link> links = EnumSet.noneOf(Link.class);
        List<String> data = new ArrayList<>();
        for (String option : options) {
            Optional<MountOption> known = MountOption.named(option);
            if (known.isEmpty()) {
                data.addAll(MountOption.parts(option));
                continue;
            }
            // No switch over types: see Members on what a cold start pays for one.
            Meaning meaning = known.get().meaning();
            if (meaning instanceof Meaning.Binds(Bind depth)) {
                bind = deeper(bind, depth);
            } else if (meaning instanceof Meaning.Sets(MountFlag flag)) {
                move(flag, cleared, set);
            } else if (meaning instanceof Meaning.Clears(MountFlag flag)) {
                move(flag, set, cleared);
            } else if (meaning instanceof Meaning.Propagates(Propagation kind)) {
                propagation.add(kind);
            } else if (meaning instanceof Meaning.SetsBelow(MountAttribute attribute)) {
                if (ACCESS_TIMES.contains(attribute)) {
                    recursiveSet.removeAll(ACCESS_TIMES);
                }
                move(attribute, recursiveCleared, recursiveSet);
            } else if (meaning instanceof Meaning.ClearsBelow(MountAttribute attribute)) {
                move(attribute, recursiveSet, recursiveCleared);
            } else if (meaning instanceof Meaning.SetsOfNew(MountFlag flag)) {
                move(flag, cleared, set);
            } else if (meaning instanceof Meaning.ClearsOfNew(MountFlag flag)) {
                move(flag, set, cleared);
            } else if (meaning instanceof Meaning.CopiesUp) {
                tmpcopyup = true;
            } else if (meaning instanceof Meaning.MapsIds(IdMap depth)) {
                idmap = depth;
                idMappings = valueOf(option);
            } else if (meaning instanceof Meaning.Treats(Link link)) {
                links.add(link);
            }
        }
        return new MountOptions(
                options,
                bind,
                set,
                cleared,
                propagation,
                recursiveSet,
                recursiveCleared,
                tmpcopyup,
                idmap,
                idMappings,
                links,
                data);
    }

    /** What is behind an option's equals sign, if anything. */
    static Optional<String> valueOf(String option) {
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

    /** These options without what makes read-only. */
    public MountOptions writable() {
        EnumSet<MountFlag> remaining = copyOf(set, MountFlag.class);
        remaining.remove(MountFlag.RDONLY);
        EnumSet<MountAttribute> remainingBelow = copyOf(recursiveSet, MountAttribute.class);
        remainingBelow.remove(MountAttribute.RDONLY);
        return new MountOptions(
                written,
                bind,
                remaining,
                cleared,
                propagation,
                remainingBelow,
                recursiveCleared,
                tmpcopyup,
                idmap,
                idMappings,
                links,
                data);
    }

    /** {@code MS_BIND} and {@code MS_REC} add up: the order of bind and rbind does not matter. */
    private static Bind deeper(Bind left, Bind right) {
        return left.compareTo(right) > 0 ? left : right;
    }

    private static <E> void move(E element, Set<E> from, Set<E> to) {
        from.remove(element);
        to.add(element);
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
        /** {@code copy-symlink}: if the source is a link, one that says the same is made at the destination, and no mount. */
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
