// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.CommandException;
import dev.jrun.launch.exec.ExecProgram;

/** An {@code exec} that cannot be done: as with runc, its exit code is one that the process itself hardly ever has. */
final class ExecFailedException extends CommandException {

    ExecFailedException(String message) {
        super("exec failed: " + message);
    }

    @Override
    public int exitCode() {
        return ExecProgram.FAILED;
    }
}
