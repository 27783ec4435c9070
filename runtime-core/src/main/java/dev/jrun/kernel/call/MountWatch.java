// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import dev.jrun.kernel.OpenFlags;
import java.nio.file.Path;

/**
 * Tells whether anything was mounted or unmounted, without reading what: proc_pid_mounts(5), "This file can be
 * monitored". It keeps a descriptor as long as the process lives.
 */
public final class MountWatch {

    private static final int POLLPRI = 2;
    private static final int POLLERR = 8;

    private final int mountinfo;

    private MountWatch(int mountinfo) {
        this.mountinfo = mountinfo;
    }

    /** Watches from now on. */
    public static MountWatch start() throws LinuxException {
        var watch = new MountWatch(LinuxCalls.open(Path.of("/proc/self/mountinfo"), OpenFlags.O_RDONLY, 0));
        watch.hasChanged();
        return watch;
    }

    /** Whether anything changed since the last question. */
    public boolean hasChanged() throws LinuxException {
        return (LinuxCalls.poll(mountinfo, POLLPRI) & (POLLPRI | POLLERR)) != 0;
    }
}
