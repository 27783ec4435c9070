// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether this process is in the namespaces that the system started with. An engine that lingers in others would keep
 * them, and all that is mounted there, from going away.
 */
final class InitialNamespaces {

    /** The kernel's constant inode numbers of the first namespaces, {@code include/uapi/linux/nsfs.h}. */
    private static final long INITIAL_USER = 0xEFFFFFFDL;

    private static final long INITIAL_PID = 0xEFFFFFFCL;

    /** Constant since Linux 6.18; before, the mount namespace gets the first number that is given to anything. */
    private static final long INITIAL_MOUNT = 0xEFFFFFF8L;

    private static final long FIRST_DYNAMIC = 0xF0000000L;

    private InitialNamespaces() {}

    /** Whether this process is in the first user, pid and mount namespace. */
    static boolean areOurs() throws IOException {
        return inode("self", "user") == INITIAL_USER && inode("self", "pid") == INITIAL_PID && isInitialMount();
    }

    private static boolean isInitialMount() throws IOException {
        long own = inode("self", "mnt");
        try {
            return own == inode("1", "mnt");
        } catch (IOException e) {
            // Process 1 has more rights than we, so that it may not be looked into.
            return own == INITIAL_MOUNT || own == FIRST_DYNAMIC || own == FIRST_DYNAMIC + 1;
        }
    }

    private static long inode(String pid, String namespace) throws IOException {
        return (long) Files.getAttribute(Path.of("/proc", pid, "ns", namespace), "unix:ino");
    }
}
