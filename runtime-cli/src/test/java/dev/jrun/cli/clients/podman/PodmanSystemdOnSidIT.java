// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import dev.jrun.cli.clients.DebianMachine;
import dev.jrun.cli.clients.Machine;
import java.nio.file.Path;

/** Podman 5. */
class PodmanSystemdOnSidIT extends PodmanSystemdTests {

    @Override
    Machine openUnderSystemd(Path scratch) {
        return DebianMachine.sidUnderSystemd(scratch);
    }
}
