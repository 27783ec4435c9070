// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The threads of this machine that run or wait for a processor.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_loadavg.5.html">proc_loadavg(5)</a>
 */
public final class RunnableThreads {

    private static final Path LOADAVG = Path.of("/proc/loadavg");

    private RunnableThreads() {}

    /**
     * How many there are at the moment, with this one.
     *
     * @throws IOException if that cannot be found out
     */
    public static int count() throws IOException {
        return count(KernelFile.read(LOADAVG));
    }

    /** As the file says it: of its fourth field, what is before the slash. */
    static int count(String loadavg) throws IOException {
        int end = loadavg.indexOf('/');
        try {
            return Integer.parseInt(loadavg, loadavg.lastIndexOf(' ', end) + 1, end, 10);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new IOException(LOADAVG + " says \"" + loadavg.strip() + '"', e);
        }
    }
}
