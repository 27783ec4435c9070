// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A container's configuration, the root object of {@code config.json}.
 *
 * @param ociVersion version of the specification that the document complies with (semantic version 2.0.0)
 * @param process the container's process; must be present to create a container
 * @param root the root file system; must be present to create a container
 * @param hostname for the uts namespace
 * @param domainname for the uts namespace
 * @param mounts in the order in which they are made
 */
public record Config(
        String ociVersion,
        Optional<Process> process,
        Optional<Root> root,
        Optional<String> hostname,
        Optional<String> domainname,
        List<Mount> mounts,
        Hooks hooks,
        SequencedMap<String, String> annotations,
        Linux linux) {
    public Config {
        mounts = List.copyOf(mounts);
        annotations = Maps.copyOf(annotations);
    }
}
