// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import dev.jrun.container.launch.Host;
import dev.jrun.engine.Call;
import dev.jrun.engine.EngineControl;
import dev.jrun.engine.OutputProgram;
import dev.jrun.program.Session;

/**
 * Everything around a command.
 *
 * @param call whose it is
 * @param session the shim that waits for it
 * @param engine the engine that executes it
 * @param global the options before its name
 * @param host shared by all calls
 * @param log what it says besides its output
 * @param output collects what is printed when the command is over
 */
public record CommandContext(
        Call call,
        Session session,
        EngineControl engine,
        GlobalOptions global,
        Host host,
        CallLog log,
        OutputProgram output) {

    /** The same with another session. */
    public CommandContext with(Session other) {
        return new CommandContext(call, other, engine, global, host, log, output);
    }
}
