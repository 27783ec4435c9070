// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

import dev.jrun.spec.Annotations;
import dev.jrun.spec.Resources;
import java.util.OptionalLong;

/**
 * What a container's cgroup is made for.
 *
 * @param id the container's
 * @param resources its limits, which a manager of cgroups wants to know from their beginning on
 * @param annotations what it is to be told besides
 * @param holder the pid of a process that is in the cgroup until the container's first is, where one has to be: see {@link
 *     dev.jrun.cgroup.CgroupPlace#unit}
 */
public record Making(String id, Resources resources, Annotations annotations, OptionalLong holder) {

    /** Nobody wants to know. */
    public static final Making PLAIN = new Making("", Resources.NONE, Annotations.NONE, OptionalLong.empty());
}
