// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import dev.jrun.cli.clients.DebianMachine;
import dev.jrun.cli.clients.Machine;
import java.nio.file.Path;

/** With containerd 2. */
class CriUnderSystemdOnSidIT extends CriUnderSystemdTests {

    @Override
    Machine machineUnderSystemd(Path scratch) {
        return DebianMachine.sidUnderSystemd(scratch);
    }
}
