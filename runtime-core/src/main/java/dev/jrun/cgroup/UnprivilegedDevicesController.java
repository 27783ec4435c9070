// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.LinuxException;
import dev.jrun.spec.Resources;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/**
 * {@link DevicesController} for a caller without privileges. What the kernel refuses it is not missing in the container: nobody can
 * make device files there, and those that are there were the caller's to use before. So do runc and crun.
 */
final class UnprivilegedDevicesController implements Controller {

    private final DevicesController devices = new DevicesController();

    @Override
    public String name() {
        return devices.name();
    }

    @Override
    public void apply(Cgroup cgroup, Resources resources) throws CgroupException {
        CgroupPaths callers = cgroup.callers();
        if (callers.legacy(name()).isPresent() || callers.unified().isPresent()) {
            return;
        }
        try {
            devices.apply(cgroup, resources);
        } catch (CgroupException error) {
            if (!isRefusal(error)) {
                throw error;
            }
        }
    }

    private static boolean isRefusal(Throwable error) {
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof LinuxException called) {
                return called.is(Errno.EPERM) || called.is(Errno.EACCES) || called.is(Errno.ENOSYS);
            }
            if (cause instanceof AccessDeniedException) {
                return true;
            }
            if (cause instanceof FileSystemException file) {
                return Errno.EPERM.message().equalsIgnoreCase(file.getReason());
            }
        }
        return false;
    }
}
