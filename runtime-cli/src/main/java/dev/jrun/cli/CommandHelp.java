// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.Options;
import dev.jrun.cli.call.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;

/** What follows the name of a command, and the text of its {@code --help}. */
public final class CommandHelp {

    private CommandHelp() {}

    public static CommandLine commandLine(String name, Command command) {
        CommandSpec spec = CommandSpec.create().name("jrun " + name);
        command.describe(spec);
        Options.help(spec);
        spec.usageMessage()
                .customSynopsis(
                        "jrun " + name + " [OPTIONS] " + command.arguments().label())
                .description(command.summary());
        return Options.commandLine(spec)
                .setUnmatchedArgumentsAllowed(true)
                .setStopAtUnmatched(command.executesArguments());
    }

    /**
     * The help for the command of this name.
     *
     * @throws UsageException if there is none
     */
    static String text(String name) throws UsageException {
        Command command = CommandTable.get(name);
        return usage(commandLine(name, command)) + examples(command.examples());
    }

    /** The section about these examples, as {@link Command#examples} has them. */
    static String examples(String examples) {
        return "\nExamples:\n  " + examples.stripTrailing().replace("\n", "\n  ") + "\n";
    }

    /** Never in colours: it is read by programs, and by pagers, as well. */
    static String usage(CommandLine line) {
        return line.getUsageMessage(Help.Ansi.OFF);
    }
}
