// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients;

import java.nio.file.Path;

/** Podman 5. */
class PodmanServiceOnSidIT extends PodmanServiceTests {

    @Override
    Machine open(Path scratch) {
        return DebianMachine.sid(scratch);
    }
}
