// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.List;
import java.util.Optional;

/**
 * A mount besides the root, mount(8).
 *
 * @param destination inside the container; relative ones are relative to its root
 * @param place the destination as {@link ContainerPath#relative} has it
 * @param type of the file system; not looked at for a bind mount
 * @param source device, name, or for a bind mount a path (relative ones are relative to the bundle)
 */
public record Mount(
        String destination,
        String place,
        Optional<String> type,
        Optional<String> source,
        MountOptions options,
        List<IdMapping> uidMappings,
        List<IdMapping> gidMappings) {

    /** Finds its place. */
    public Mount(
            String destination,
            Optional<String> type,
            Optional<String> source,
            MountOptions options,
            List<IdMapping> uidMappings,
            List<IdMapping> gidMappings) {
        this(destination, ContainerPath.relative(destination), type, source, options, uidMappings, gidMappings);
    }

    public Mount {
        uidMappings = List.copyOf(uidMappings);
        gidMappings = List.copyOf(gidMappings);
    }
}
