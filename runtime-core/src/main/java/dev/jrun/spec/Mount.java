// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.List;
import java.util.Optional;

/**
 * A mount besides the root, mount(8).
 *
 * @param destination inside the container; relative ones are relative to its root
 * @param type of the file system; not looked at for a bind mount
 * @param source device, name, or for a bind mount a path (relative ones are relative to the bundle)
 * @param options as written
 * @param meaning of the options
 */
public record Mount(
        String destination,
        Optional<String> type,
        Optional<String> source,
        List<String> options,
        MountOptions meaning,
        List<IdMapping> uidMappings,
        List<IdMapping> gidMappings) {

    /** Finds out what the options mean. */
    public Mount(
            String destination,
            Optional<String> type,
            Optional<String> source,
            List<String> options,
            List<IdMapping> uidMappings,
            List<IdMapping> gidMappings) {
        this(destination, type, source, options, MountOptions.of(options), uidMappings, gidMappings);
    }

    public Mount {
        options = List.copyOf(options);
        uidMappings = List.copyOf(uidMappings);
        gidMappings = List.copyOf(gidMappings);
    }
}
