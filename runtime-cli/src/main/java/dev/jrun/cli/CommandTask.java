// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.cli.call.CallLog;
import dev.jrun.cli.call.CommandContext;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.GlobalOptions;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.conversation.StepFailedException;
import dev.jrun.container.launch.Host;
import dev.jrun.engine.Call;
import dev.jrun.engine.CallHandler.Task;
import dev.jrun.engine.EngineControl;
import dev.jrun.engine.LogFile;
import dev.jrun.engine.OutputProgram;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;

/** Does what a call asks for, and reports the result. */
record CommandTask(Call call, GlobalOptions global, Host host, Action action) implements Task {

    @Override
    public void perform(Session session, EngineControl engine) throws SessionBrokenException {
        var output = new OutputProgram();
        Outcome outcome;
        try {
            outcome = perform(new CommandContext(call, session, engine, global, host, new CallLog(global), output));
        } catch (CommandException e) {
            output.printError(e.report());
            outcome = new Outcome.Exit(e.exitCode());
        }
        outcome.tell(session, output);
    }

    private Outcome perform(CommandContext context) throws CommandException, SessionBrokenException {
        if (!global.log().isEmpty()) {
            tryLog(context.session());
        }
        return global.debug() ? performLogged(context) : performReporting(context);
    }

    /** Nothing is done that could not be told of: as runc does, the log is opened first, and made. */
    private void tryLog(Session session) throws CommandException, SessionBrokenException {
        try {
            Conversation.complete(session, new LogFile(global.log()).trial());
        } catch (StepFailedException e) {
            throw new CommandException("--log: open " + global.log() + ": " + e.reason());
        }
    }

    private Outcome performLogged(CommandContext context) throws CommandException, SessionBrokenException {
        var log = new DebugLog(global);
        var session = new LoggedSession(context.session(), log);
        try {
            return performReporting(context.with(session));
        } finally {
            log.moveTo(context.output());
        }
    }

    private Outcome performReporting(CommandContext context) throws CommandException, SessionBrokenException {
        try {
            Outcome outcome = action.perform(context);
            context.log().succeed(context.output());
            return outcome;
        } catch (CommandException e) {
            context.log().fail(context.output(), e);
            throw e;
        }
    }
}
