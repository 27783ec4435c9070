// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients;

import java.nio.file.Path;

/** With containerd 1.7. */
class ContainerdOnTrixieIT extends ContainerdTests {

    @Override
    Machine machine(Path scratch) {
        return DebianMachine.trixie(scratch);
    }
}
