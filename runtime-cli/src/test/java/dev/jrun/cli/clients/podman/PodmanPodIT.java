// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.clients.ThisHost;
import java.nio.file.Path;

/** The version of this release. */
class PodmanPodIT extends PodmanPodTests {

    @Override
    Machine open(Path scratch) {
        return ThisHost.with("podman", "runc", "tar", "catatonit");
    }

    /** Where containers are always restarted, Podman 4.3 waits 20 s for an init container that has ended. */
    @Override
    String restartPolicy() {
        return "OnFailure";
    }
}
