// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.Signal;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * Sends signals to the processes of a cgroup, by whoever has the right to. When a process ends, any other process may
 * get its pid. So each is held first, and gets the signal only if it is still in the cgroup then.
 */
@FunctionalInterface
public interface Signaller {

    /** How many processes are signalled at once: each takes a descriptor meanwhile, of which a caller may have few. */
    int MOST = 32;

    /** Says which processes are in the cgroup. */
    @FunctionalInterface
    interface Members {
        /** Those that are in there at this moment. */
        Set<Integer> now() throws IOException;
    }

    /**
     * Sends a signal to each process. One that does not exist any more, or is no member any more, is no error.
     *
     * @param pids as this process's pid namespace numbers them, all greater than 0, at least one and not more than
     *     {@link #MOST}
     */
    void send(Signal signal, List<Integer> pids, Members members) throws IOException;
}
