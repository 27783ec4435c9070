// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.exec;

import dev.jrun.launch.exec.ExecProtocol;
import dev.jrun.launch.exec.PreparedExec;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import java.util.List;

/**
 * What a shim needs to execute a process.
 *
 * @param program may have been assembled for another call
 * @param prepared what is known about it
 * @param changes parts of this call to patch into it
 */
record ReadyExec(Program program, PreparedExec prepared, List<Patch> changes) {

    ExecProtocol protocol() {
        return prepared.protocol();
    }
}
