// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.List;
import java.util.OptionalLong;

/**
 * A range of user or group ids, user_namespaces(7).
 *
 * @param containerID first id in the container, uint32
 * @param hostID first id on the host, uint32
 * @param size number of ids, uint32
 */
public record IdMapping(long containerID, long hostID, long size) {

    /** Whether both have an id of the container or one of the host. */
    public boolean overlaps(IdMapping other) {
        return overlap(containerID, size, other.containerID, other.size)
                || overlap(hostID, size, other.hostID, other.size);
    }

    private static boolean overlap(long first, long firstSize, long second, long secondSize) {
        return first < second + secondSize && second < first + firstSize;
    }

    /**
     * The host's id for {@code id} of the container.
     *
     * @return empty if none of these ranges has it
     */
    public static OptionalLong hostId(List<IdMapping> mappings, long id) {
        for (IdMapping mapping : mappings) {
            if (id >= mapping.containerID && id - mapping.containerID < mapping.size) {
                return OptionalLong.of(mapping.hostID + (id - mapping.containerID));
            }
        }
        return OptionalLong.empty();
    }
}
