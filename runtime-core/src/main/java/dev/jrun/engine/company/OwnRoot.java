// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine.company;

import dev.jrun.kernel.call.LinuxCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * This process's root directory. After chroot(2) it is one that whoever made it for a while unmounts again, as what
 * builds images does; a process whose root it is would keep it from that.
 */
public final class OwnRoot {

    private static final String MOUNTS = "ns/mnt";
    private static final Path INIT = Path.of("/proc/1/root");

    private OwnRoot() {}

    /**
     * Whether it is another one than that of process 1, which is in the same mount namespace. Where process 1 is
     * elsewhere, or may not be looked into, it cannot be found out, and is no.
     */
    public static boolean isChanged() {
        try {
            return LinuxCalls.readLink("/proc/self/" + MOUNTS).equals(LinuxCalls.readLink("/proc/1/" + MOUNTS))
                    && !Files.isSameFile(Path.of("/"), INIT);
        } catch (IOException e) {
            return false;
        }
    }
}
