// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients;

import java.nio.file.Path;

/** With containerd 1.7. */
class CriOnTrixieIT extends CriTests {

    @Override
    Machine machine(Path scratch) {
        return DebianMachine.trixie(scratch);
    }
}
