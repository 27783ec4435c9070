// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import dev.jrun.program.Source;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountOptions;

/** Why a mount is made. */
final class MountSource extends Source {

    private final int index;
    private final Mount mount;

    /** @param index among the configuration's mounts */
    MountSource(int index, Mount mount) {
        this.index = index;
        this.mount = mount;
    }

    @Override
    public String pointer() {
        return "/mounts/" + index;
    }

    @Override
    public String intent() {
        String what = mount.options().bind() == MountOptions.Bind.NO
                ? mount.type().orElse("none")
                : mount.source().orElse("nothing");
        return "mount " + what + " on " + mount.destination();
    }
}
