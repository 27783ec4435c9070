// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import dev.jrun.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The mappings of {@code idmap=} and {@code ridmap=}, "idmap mount options" in crun(1):
 * {@code uids=0-1000-10#10-@20-10;gids=0-2000-10} has two ranges of users and one of groups, each with the first id
 * that files have, the first that they have in the mount as the host counts, and their number. That is what
 * {@code uidMappings} and {@code gidMappings} of a mount say otherwise.
 *
 * @param users of user ids
 * @param groups of group ids
 */
public record MountIdMappings(List<IdRange> users, List<IdRange> groups) {

    private static final long LAST_ID = 0xffff_ffffL;

    /**
     * A range.
     *
     * @param mapping as written
     * @param relative whether it begins with "@": its second id is counted as the user namespace of the container has
     *     it
     */
    public record IdRange(IdMapping mapping, boolean relative) {

        /**
         * The range as the host counts. As with crun, what a relative one is shifted by is the distance of the range in
         * the user namespace that has its <em>first</em> id.
         *
         * @throws IllegalArgumentException with what is wrong with it
         */
        IdMapping in(List<IdMapping> namespace, String property) {
            if (!relative) {
                return mapping;
            }
            OptionalLong first = IdMapping.hostId(namespace, mapping.containerID());
            if (first.isEmpty()) {
                throw new IllegalArgumentException("no range of /linux/" + property + " has the id "
                        + mapping.containerID() + ", which \"@\" is relative to");
            }
            long host = mapping.hostID() + first.getAsLong() - mapping.containerID();
            if (host < 0 || host > LAST_ID) {
                throw new IllegalArgumentException(
                        "relative to /linux/%s, the host's id would be %d".formatted(property, host));
            }
            return new IdMapping(mapping.containerID(), host, mapping.size());
        }
    }

    public MountIdMappings {
        users = List.copyOf(users);
        groups = List.copyOf(groups);
    }

    /**
     * Reads what is behind the option's equals sign.
     *
     * @throws IllegalArgumentException with what is wrong with it
     */
    public static MountIdMappings parse(String text) {
        List<IdRange> users = new ArrayList<>();
        List<IdRange> groups = new ArrayList<>();
        for (String part : text.split(";")) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            List<IdRange> ranges = switch (name) {
                case "uids" -> users;
                case "gids" -> groups;
                default ->
                    throw new IllegalArgumentException(
                            "allowed: uids= and gids= with a semicolon between them, found " + Json.quoted(name));
            };
            if (!ranges.isEmpty()) {
                throw new IllegalArgumentException("allowed: " + name + "= once, with \"#\" between its ranges");
            }
            for (String range : part.substring(equals + 1).split("#", -1)) {
                ranges.add(range(range));
            }
        }
        if (users.isEmpty() || groups.isEmpty()) {
            throw new IllegalArgumentException("required: both uids= and gids=");
        }
        return new MountIdMappings(users, groups);
    }

    /**
     * Which option of a mount has mappings.
     *
     * @throws NoSuchElementException if none has
     */
    public static int optionOf(Mount mount) {
        List<String> options = mount.options().written();
        for (int i = 0; i < options.size(); i++) {
            Optional<MountOption> option = MountOption.named(options.get(i));
            if (option.isPresent()
                    && option.get().meaning() instanceof MountOption.Meaning.MapsIds
                    && MountOptions.valueOf(options.get(i)).isPresent()) {
                return i;
            }
        }
        throw new NoSuchElementException("no mappings in " + options);
    }

    private static IdRange range(String text) {
        boolean relative = text.startsWith("@");
        String[] numbers = text.substring(relative ? 1 : 0).split("-", -1);
        if (numbers.length != 3) {
            throw notARange(text);
        }
        IdMapping mapping = new IdMapping(id(numbers[0], text), id(numbers[1], text), id(numbers[2], text));
        if (mapping.size() == 0) {
            throw notARange(text);
        }
        return new IdRange(mapping, relative);
    }

    private static long id(String digits, String range) {
        OptionalLong id = Range.UINT32.parse(digits);
        if (id.isEmpty()) {
            throw notARange(range);
        }
        return id.getAsLong();
    }

    private static IllegalArgumentException notARange(String text) {
        return new IllegalArgumentException(
                "allowed: ranges such as 0-1000-10 (first id of files, first id in the mount, number), found "
                        + Json.quoted(text));
    }

    /**
     * The mappings of user ids as the host counts.
     *
     * @param namespace those of the container's user namespace
     */
    public List<IdMapping> users(List<IdMapping> namespace) {
        return absolute(users, namespace, "uidMappings");
    }

    /** The same of group ids. */
    public List<IdMapping> groups(List<IdMapping> namespace) {
        return absolute(groups, namespace, "gidMappings");
    }

    private static List<IdMapping> absolute(List<IdRange> ranges, List<IdMapping> namespace, String property) {
        List<IdMapping> mappings = new ArrayList<>();
        for (IdRange range : ranges) {
            mappings.add(range.in(namespace, property));
        }
        return mappings;
    }
}
