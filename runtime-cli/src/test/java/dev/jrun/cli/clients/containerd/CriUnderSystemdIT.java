// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.clients.ThisHost;
import java.nio.file.Path;

/** With the containerd of this release. */
class CriUnderSystemdIT extends CriUnderSystemdTests {

    @Override
    Machine machineUnderSystemd(Path scratch) {
        return ThisHost.with("containerd", "ctr", "runc");
    }
}
