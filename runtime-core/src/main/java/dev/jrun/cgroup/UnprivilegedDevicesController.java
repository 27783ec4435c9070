// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.spec.Resources;

/**
 * {@link DevicesController} for a caller without privileges. What the kernel refuses it is not missing in the container: nobody can
 * make device files there, and those that are there were the caller's to use before.
 */
final class UnprivilegedDevicesController implements Controller {

    private final DevicesController devices = new DevicesController();

    @Override
    public String name() {
        return devices.name();
    }

    @Override
    public void apply(Cgroup cgroup, Resources resources) {
        try {
            devices.apply(cgroup, resources);
        } catch (CgroupException refused) {
            // As runc and crun, for the reason above.
            return;
        }
    }
}
