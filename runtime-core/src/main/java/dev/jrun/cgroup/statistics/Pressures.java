// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.statistics;

import java.util.Optional;

/** Of what processes were in want; what is missing, the kernel does not count. */
public record Pressures(Optional<Pressure> cpu, Optional<Pressure> memory, Optional<Pressure> io) {

    /** Nothing is counted. */
    public static final Pressures NONE = new Pressures(Optional.empty(), Optional.empty(), Optional.empty());
}
