// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupDirectories;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.device.DeviceChange;
import dev.jrun.cgroup.writing.RevocableWriting;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.call.Failures;
import dev.jrun.spec.Resources;
import java.io.IOException;

/**
 * {@link DevicesController} for a caller without privileges. What the kernel refuses it is not missing in the
 * container: nobody can make device files there, and those that are there were the caller's to use before. So do runc
 * and crun.
 */
final class UnprivilegedDevicesController implements DeviceRulesController {

    private final DevicesController devices = new DevicesController();

    @Override
    public String name() {
        return devices.name();
    }

    @Override
    public void apply(Cgroup cgroup, Resources resources) throws CgroupException {
        doIfPermitted(cgroup, () -> devices.apply(cgroup, resources));
    }

    @Override
    public void update(Cgroup cgroup, DeviceChange change, RevocableWriting writing) throws CgroupException {
        doIfPermitted(cgroup, () -> devices.update(cgroup, change, writing));
    }

    private interface Deed {
        void execute() throws CgroupException;
    }

    private void doIfPermitted(Cgroup cgroup, Deed deed) throws CgroupException {
        CgroupDirectories callers = cgroup.callers();
        if (callers.legacy(name()).isPresent() || callers.unified().isPresent()) {
            return;
        }
        try {
            deed.execute();
        } catch (CgroupException error) {
            if (!isRefusal(error)) {
                throw error;
            }
        }
    }

    /** EPERM, EACCES and, of bpf(2), ENOSYS; the JDK has no class for the first where a write(2) fails. */
    private static boolean isRefusal(CgroupException error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (!(cause instanceof IOException refused)) {
            return false;
        }
        return Failures.is(refused, Errno.EPERM)
                || Failures.is(refused, Errno.EACCES)
                || Failures.is(refused, Errno.ENOSYS);
    }
}
