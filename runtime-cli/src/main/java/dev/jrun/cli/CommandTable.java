// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.UsageException;
import dev.jrun.cli.command.CreateCommand;
import dev.jrun.cli.command.DeleteCommand;
import dev.jrun.cli.command.EngineCommand;
import dev.jrun.cli.command.ExecCommand;
import dev.jrun.cli.command.ExplainCommand;
import dev.jrun.cli.command.ExplainExecCommand;
import dev.jrun.cli.command.FeaturesCommand;
import dev.jrun.cli.command.KillCommand;
import dev.jrun.cli.command.ListCommand;
import dev.jrun.cli.command.PauseCommand;
import dev.jrun.cli.command.PsCommand;
import dev.jrun.cli.command.ResumeCommand;
import dev.jrun.cli.command.RunCommand;
import dev.jrun.cli.command.SpecCommand;
import dev.jrun.cli.command.StartCommand;
import dev.jrun.cli.command.StateCommand;
import dev.jrun.cli.command.ValidateCommand;
import dev.jrun.cli.update.UpdateCommand;
import dev.jrun.cli.usage.EventsCommand;
import dev.jrun.cli.usage.TopCommand;
import java.util.List;

/** All commands by name. A command's classes are loaded only when it is called. */
public final class CommandTable {

    /** Two words, since its options are those of the second. */
    static final String EXPLAIN_EXEC = "explain exec";

    /** In the order of a container's life, then what is not about one container. */
    static final List<String> NAMES = List.of(
            "spec",
            "create",
            "start",
            "state",
            "pause",
            "resume",
            "update",
            "kill",
            "delete",
            "run",
            "exec",
            "ps",
            "list",
            "events",
            "top",
            "validate",
            "explain",
            EXPLAIN_EXEC,
            "features",
            "engine");

    private CommandTable() {}

    /** The names of all, in the order in which to show them. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * A new command.
     *
     * @throws UsageException if there is none of that name
     */
    public static Command get(String name) throws UsageException {
        return switch (name) {
            case "create" -> new CreateCommand();
            case "delete" -> new DeleteCommand();
            case "engine" -> new EngineCommand();
            case "exec" -> new ExecCommand();
            case "events" -> new EventsCommand();
            case EXPLAIN_EXEC -> new ExplainExecCommand();
            case "explain" -> new ExplainCommand();
            case "features" -> new FeaturesCommand();
            case "kill" -> new KillCommand();
            case "list" -> new ListCommand();
            case "pause" -> new PauseCommand();
            case "ps" -> new PsCommand();
            case "resume" -> new ResumeCommand();
            case "run" -> new RunCommand();
            case "spec" -> new SpecCommand();
            case "start" -> new StartCommand();
            case "state" -> new StateCommand();
            case "top" -> new TopCommand();
            case "update" -> new UpdateCommand();
            case "validate" -> new ValidateCommand();
            case "checkpoint", "mounts", "restore" -> throw UsageException.notYet(name);
            default -> throw UsageException.unknownCommand(name, NAMES);
        };
    }
}
