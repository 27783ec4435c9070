// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import dev.jrun.kernel.Errno;
import java.io.IOException;

/** A system call that the engine itself made has failed. */
public final class LinuxException extends IOException {
    private final int errno;

    /**
     * @param call what was called and on what, such as {@code open /sys/fs/cgroup}
     * @param errno the positive error number, errno(3), which {@link Errno} may not name
     */
    public LinuxException(String call, int errno) {
        this(call, errno, "");
    }

    /** @param detail what else the kernel said, such as the log of the BPF verifier; may be empty */
    public LinuxException(String call, int errno, String detail) {
        super(call + ": " + Errno.meaning(errno) + (detail.isEmpty() ? "" : "\n" + detail));
        this.errno = errno;
    }

    public boolean is(Errno expected) {
        return errno == expected.number();
    }

    /** What the kernel said, without what was called. */
    public String reason() {
        return Errno.meaning(errno);
    }
}
