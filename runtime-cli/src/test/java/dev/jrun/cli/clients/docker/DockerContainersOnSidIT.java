// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.docker;

import dev.jrun.cli.clients.DebianMachine;
import dev.jrun.cli.clients.Machine;
import java.nio.file.Path;

/** The newest version. */
class DockerContainersOnSidIT extends DockerContainersTests {

    @Override
    Machine open(Path scratch) {
        return DebianMachine.sid(scratch);
    }
}
