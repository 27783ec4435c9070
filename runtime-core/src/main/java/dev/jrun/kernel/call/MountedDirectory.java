// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which directory a path leads to, and by which mount. The same directory may be mounted elsewhere, too, with other
 * things mounted on what is below it: a process with that as its root directory finds other files at the same paths.
 */
public final class MountedDirectory {

    private final String file;
    private final long mount;

    private MountedDirectory(String file, long mount) {
        this.file = file;
        this.mount = mount;
    }

    /** The one at {@code path}. */
    public static MountedDirectory at(Path path) throws IOException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer status = memory.allocate(Statx.SIZE);
            long result = LinuxCalls.call(
                    Syscall.STATX,
                    OpenFlags.AT_FDCWD,
                    LinuxMemory.address(memory.string(path.toString())),
                    0,
                    Statx.STATX_INO | Statx.STATX_MNT_ID,
                    LinuxMemory.address(status));
            if (result == 0 && (status.getInt(Statx.MASK) & Statx.STATX_MNT_ID) != 0) {
                String file = status.getLong(Statx.DEV) + ":" + status.getLong(Statx.INO);
                return new MountedDirectory(file, status.getLong(Statx.MNT_ID));
            }
        }
        return byDescriptor(path);
    }

    /** Where statx(2) is missing, or does not know of mounts, as before Linux 5.8. */
    static MountedDirectory byDescriptor(Path path) throws IOException {
        int descriptor = LinuxCalls.open(path, OpenFlags.O_PATH | OpenFlags.directory(Machine.host()), 0);
        try {
            String file = FileIdentity.of(Path.of("/proc/self/fd/" + descriptor));
            return new MountedDirectory(file, mountOf(Path.of("/proc/self/fdinfo/" + descriptor)));
        } finally {
            LinuxCalls.close(descriptor);
        }
    }

    /**
     * The mount that an open file is on. The kernel says it by itself, whatever the file is.
     *
     * @param fdinfo the file about it in {@code /proc/PID/fdinfo}, proc_pid_fdinfo(5)
     */
    private static long mountOf(Path fdinfo) throws IOException {
        Optional<String> mount = new ProcessStatus(KernelFile.read(fdinfo)).value("mnt_id");
        return Long.parseLong(mount.orElseThrow(() -> new IOException(fdinfo + " has no mnt_id")));
    }

    /** Whether an open file is on the mount that this directory is on; {@code fdinfo} as in proc_pid_fdinfo(5). */
    public boolean isOnMountOf(Path fdinfo) throws IOException {
        return mountOf(fdinfo) == mount;
    }

    /** The same word for the same directory on the same mount, as long as somebody uses that. */
    public String word() {
        return file + ":" + mount;
    }
}
