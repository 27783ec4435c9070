// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.Signal;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * How signals reach the processes of a cgroup: by whoever may do that. A process that ends leaves its pid to another,
 * which may be anybody's. So each is held on to first, and gets the signal only if the cgroup still has it then.
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
