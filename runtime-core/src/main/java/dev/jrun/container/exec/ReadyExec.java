// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.exec;

import dev.jrun.launch.exec.ExecProtocol;
import dev.jrun.launch.exec.PreparedExec;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import java.util.List;

/**
 * What a shim is given to execute a process.
 *
 * @param program may have been put together for another call
 * @param prepared what is known of it
 * @param changes what of this call is to be put into it
 */
record ReadyExec(Program program, PreparedExec prepared, List<Patch> changes) {

    ExecProtocol protocol() {
        return prepared.protocol();
    }
}
