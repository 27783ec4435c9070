// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import dev.jrun.cli.clients.DebianMachine;
import dev.jrun.cli.clients.Machine;
import java.nio.file.Path;

/** With containerd 2.1. */
class CriOnSidIT extends CriTests {

    @Override
    Machine machine(Path scratch) {
        return DebianMachine.sid(scratch);
    }
}
