// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine.company;

import java.io.IOException;
import java.util.List;

/**
 * The namespaces of this process. Only it itself could go to others, and it does not, so they are looked at once: to do
 * so at each look at a companion would double what an idle engine takes for those.
 *
 * @param others those that are not of the system's first ones, or perhaps not
 * @param hasInitialCgroups whether its cgroup namespace is the system's first
 */
record OwnNamespaces(List<Place> others, boolean hasInitialCgroups) {

    static OwnNamespaces find() throws IOException {
        return new OwnNamespaces(List.copyOf(InitialNamespace.others()), InitialNamespace.CGROUP.isOwn());
    }
}
