// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The user that this process runs as, credentials(7). It never changes in an engine. */
public final class EffectiveUser {

    /**
     * A process's /proc directory belongs to its effective user, proc(5): to ask libc would load the native library.
     */
    private static final int UID = read();

    private EffectiveUser() {}

    /** As geteuid(2). */
    public static int uid() {
        return UID;
    }

    private static int read() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot find out whose this process is", e);
        }
    }
}
