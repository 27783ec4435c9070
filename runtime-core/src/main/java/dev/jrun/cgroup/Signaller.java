// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.Signal;
import java.io.IOException;
import java.util.Collection;

/** How signals reach the processes of a cgroup: kill(2) by whoever may do that. */
@FunctionalInterface
public interface Signaller {
    /**
     * Sends a signal to each process. One that does not exist any more is no error.
     *
     * @param pids as this process's pid namespace numbers them, all greater than 0, at least one
     */
    void send(Signal signal, Collection<Integer> pids) throws IOException;
}
