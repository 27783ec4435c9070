// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import dev.jrun.cli.clients.DebianMachine;
import dev.jrun.cli.clients.Machine;
import java.nio.file.Path;

/** With the containerd of this release: 1.6 on Debian 12. */
class CriIT extends CriTests {

    @Override
    Machine machine(Path scratch) {
        return DebianMachine.likeThisHost(scratch, "containerd", "runc", "/usr/lib/cni/bridge");
    }
}
