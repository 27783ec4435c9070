// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import dev.jrun.spec.MountOptions.Bind;
import dev.jrun.spec.MountOptions.IdMap;
import dev.jrun.spec.MountOptions.Link;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts together what the options of a mount mean, one after the other: the last of two contradicting options counts.
 */
final class MountOptionsBuilder {
    /** Of which a mount has one. */
    private static final Set<MountAttribute> ACCESS_TIMES =
            EnumSet.of(MountAttribute.RELATIME, MountAttribute.NOATIME, MountAttribute.STRICTATIME);

    private Bind bind = Bind.NO;
    private final EnumSet<MountFlag> set = EnumSet.noneOf(MountFlag.class);
    private final EnumSet<MountFlag> cleared = EnumSet.noneOf(MountFlag.class);
    private final List<Propagation> propagation = new ArrayList<>();
    private final EnumSet<MountAttribute> recursiveSet = EnumSet.noneOf(MountAttribute.class);
    private final EnumSet<MountAttribute> recursiveCleared = EnumSet.noneOf(MountAttribute.class);
    private boolean tmpcopyup;
    private IdMap idmap = IdMap.NO;
    private Optional<String> idMappings = Optional.empty();
    private final EnumSet<Link> links = EnumSet.noneOf(Link.class);
    private final List<String> data = new ArrayList<>();

    /** {@code MS_BIND} and {@code MS_REC} add up: the order of bind and rbind does not matter. */
    void bind(Bind depth) {
        if (depth.compareTo(bind) > 0) {
            bind = depth;
        }
    }

    void set(MountFlag flag) {
        move(flag, cleared, set);
    }

    void clear(MountFlag flag) {
        move(flag, set, cleared);
    }

    void propagate(Propagation kind) {
        propagation.add(kind);
    }

    void setBelow(MountAttribute attribute) {
        if (ACCESS_TIMES.contains(attribute)) {
            recursiveSet.removeAll(ACCESS_TIMES);
        }
        move(attribute, recursiveCleared, recursiveSet);
    }

    void clearBelow(MountAttribute attribute) {
        move(attribute, recursiveSet, recursiveCleared);
    }

    void copyUp() {
        tmpcopyup = true;
    }

    void mapIds(IdMap depth, Optional<String> mappings) {
        idmap = depth;
        idMappings = mappings;
    }

    void treat(Link link) {
        links.add(link);
    }

    /** What is none of these, but the file system's own. */
    void addData(String option) {
        data.addAll(MountOption.parts(option));
    }

    /**
     * The options.
     *
     * @param written as they are in config.json
     */
    MountOptions build(List<String> written) {
        return new MountOptions(
                written,
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

    private static <E> void move(E element, Set<E> from, Set<E> to) {
        from.remove(element);
        to.add(element);
    }
}
