// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.CommandException;
import dev.jrun.launch.exec.FailedExec;

/** An {@code exec} that cannot be done. */
final class ExecFailedException extends CommandException {

    ExecFailedException(String message) {
        super(FailedExec.message(message));
    }

    @Override
    public int exitCode() {
        return FailedExec.EXIT_CODE;
    }
}
