// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The same as {@link CapturedConfigsIT} where there is cgroup v2 alone, in comparison with crun. Resources are left out:
 * a view of a hybrid host has no controllers, and crun loads a device program only with rights that not every root has.
 */
class CapturedConfigsOnUnifiedIT extends CapturedConfigsIT {

    @RegisterExtension
    static final UnifiedOnlyView UNIFIED = new UnifiedOnlyView();

    @Override
    HostView view() {
        return UNIFIED.view();
    }

    @Override
    String other() {
        return "crun";
    }

    @Override
    void adapt(CapturedConfig config) {
        config.leaveResources();
    }

    @Override
    String comparable(String path, String mount) {
        // crun leaves nosuid, nodev and noexec out where it makes a path of these read-only; what can be read and
        // written
        // there is compared all the same.
        if (path.matches("/(proc|sys)/.*") && !path.equals("/sys/fs/cgroup")) {
            return "restricted";
        }
        // Where mknod is not allowed, it takes nosuid and noexec over to the devices that it binds.
        if (mount.contains(" devtmpfs ")) {
            return "a device";
        }
        // Newer releases open a tmpfs to everybody by an option.
        return mount.replaceFirst("sysfs r[ow]$", "sysfs").replaceFirst("tmpfs rw,mode=777$", "tmpfs rw");
    }
}
