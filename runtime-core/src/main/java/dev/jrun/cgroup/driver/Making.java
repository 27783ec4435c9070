// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Resources;
import java.util.Optional;

/**
 * What a container's cgroup is made for.
 *
 * @param id the container's
 * @param resources its limits, which a manager of cgroups wants to know from their beginning on
 * @param annotations what it is to be told besides
 * @param holder who holds the place, where somebody has to: see {@link dev.jrun.cgroup.CgroupPlace#unit}
 */
public record Making(String id, Resources resources, Annotations annotations, Optional<Holder> holder) {

    /** A process that is in the cgroup until the container's first is, and whoever has it. */
    public interface Holder {

        long pid();

        /**
         * Makes sure that the pid is this process's, and was no other's since it was told.
         *
         * @throws CgroupException if it has ended, or that cannot be found out
         */
        void check() throws CgroupException;

        /**
         * Puts down what the manager of cgroups knows this making by, before anything else is done with what it has
         * made.
         *
         * @throws CgroupException if that cannot be put down
         */
        void made(String invocation) throws CgroupException;
    }
}
