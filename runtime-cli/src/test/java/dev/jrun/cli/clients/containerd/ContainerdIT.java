// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.clients.ThisHost;
import java.nio.file.Path;

/** With the containerd of this release: 1.6 on Debian 12. */
class ContainerdIT extends ContainerdTests {

    @Override
    Machine machine(Path scratch) {
        return ThisHost.with("containerd", "ctr", "runc");
    }
}
