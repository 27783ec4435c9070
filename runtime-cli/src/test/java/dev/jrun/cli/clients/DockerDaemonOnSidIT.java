// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients;

import java.nio.file.Path;

/** The newest version. */
class DockerDaemonOnSidIT extends DockerDaemonTests {

    @Override
    Machine open(Path scratch) {
        return DebianMachine.sid(scratch);
    }
}
