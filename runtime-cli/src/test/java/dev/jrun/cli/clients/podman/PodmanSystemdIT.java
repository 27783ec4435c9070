// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.clients.ThisHost;
import java.nio.file.Path;

/** The version of this release. */
class PodmanSystemdIT extends PodmanSystemdTests {

    @Override
    Machine openUnderSystemd(Path scratch) {
        return ThisHost.with("podman", "runc", "tar");
    }
}
