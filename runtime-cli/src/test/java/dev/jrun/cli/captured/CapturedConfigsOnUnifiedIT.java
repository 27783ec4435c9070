// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.captured;

import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.UnifiedOnlyView;
import dev.jrun.spec.fixtures.CapturedDocument;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The same as {@link CapturedConfigsIT} where there is cgroup v2 alone, in comparison with crun. Resources are left
 * out: a view of a hybrid host has no controllers, and crun loads a device program only with rights that not every root
 * has.
 */
class CapturedConfigsOnUnifiedIT extends CapturedConfigsIT {

    @RegisterExtension
    static final UnifiedOnlyView UNIFIED = new UnifiedOnlyView();

    /** Those of such a host, what Debian 12's runc cannot do, and what came first. */
    static List<CapturedDocument> configurations() {
        return CapturedDocument.configurations().stream()
                .filter(document -> document.isOfUnifiedHost()
                        || isBeyondRunc(document)
                        || document.name().matches(".*-(1\\.6|4\\.3|20\\.10)-.*"))
                .toList();
    }

    @Override
    protected HostView view() {
        return UNIFIED.view();
    }

    @Override
    String other() {
        return "crun";
    }

    @Override
    void adapt(CapturedConfig config) {
        config.leaveResources();
        // Debian 12's crun knows no later version, and no mapped mount of a relative source.
        config.hasAbsoluteSources();
        config.bundle().with("/ociVersion", "\"1.0.2\"");
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
        // In a user namespace crun leaves nosuid, nodev and noexec out for these two where it binds absolute paths.
        if (path.matches("/dev/(shm|mqueue)")) {
            return mount.replaceFirst("nosuid,nodev,noexec,", "");
        }
        // The first overlay on an upper directory gives it a number, which the kernel shows.
        if (mount.contains(" overlay ")) {
            return mount.replaceFirst(",uuid=on$", "");
        }
        // Newer releases open a tmpfs to everybody by an option.
        return mount.replaceFirst("sysfs r[ow]$", "sysfs").replaceFirst("tmpfs rw,mode=777$", "tmpfs rw");
    }
}
