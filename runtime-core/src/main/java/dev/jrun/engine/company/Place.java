// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine.company;

import java.io.IOException;

/** What a process is in, and keeps alive for as long as it is. */
interface Place {

    /**
     * Whether this process is in it.
     *
     * @throws IOException if it has ended, or this process may not look into it
     */
    boolean has(int pid) throws IOException;
}
