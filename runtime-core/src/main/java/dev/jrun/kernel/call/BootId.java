// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Identifies this boot of the machine, random(4): after a reboot, pids, start times and inode numbers of the kernel's
 * file systems are given out anew.
 */
public final class BootId {

    public static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");

    /** It stays as it is; null before anyone has looked. */
    private static volatile Optional<String> current;

    private BootId() {}

    /** That of this start; empty where procfs does not show it: proc(5), "subset". */
    public static Optional<String> current() throws IOException {
        Optional<String> known = current;
        if (known == null) {
            known = KernelFile.readIfPresent(FILE).map(String::strip);
            current = known;
        }
        return known;
    }
}
