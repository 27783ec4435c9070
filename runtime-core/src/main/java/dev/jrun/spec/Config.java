// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        Annotations annotations,
        Linux linux) {
    public Config {
        mounts = List.copyOf(mounts);
    }

    /**
     * The limits of the container's cgroup, as the version of the specification means them that this document complies
     * with: before 1.3, {@code pids.limit} 0 was no limit; since then it is one, and nothing can be forked.
     */
    public Resources resources() {
        return linux.resources().as(ociVersion);
    }

    /** The same with another process. */
    public Config with(Process other) {
        return new Config(
                ociVersion, Optional.of(other), root, hostname, domainname, mounts, hooks, annotations, linux);
    }

    /** The same with one more mount, behind the others. */
    public Config with(Mount last) {
        List<Mount> more = new ArrayList<>(mounts);
        more.add(last);
        return new Config(ociVersion, process, root, hostname, domainname, more, hooks, annotations, linux);
    }

    /** The same, of whose annotations the caller allows these to take effect. */
    public Config allowing(List<Annotation> keys) {
        return new Config(
                ociVersion, process, root, hostname, domainname, mounts, hooks, annotations.allowing(keys), linux);
    }
}
