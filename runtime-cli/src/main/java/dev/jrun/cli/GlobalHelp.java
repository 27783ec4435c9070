// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.cli.call.GlobalOptions;
import dev.jrun.cli.call.Options;
import dev.jrun.cli.call.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What stands before the name of a command, and the text of {@code jrun --help}. */
public final class GlobalHelp {

    private static final int NAME_WIDTH = 14;

    private GlobalHelp() {}

    public static CommandLine commandLine() {
        CommandSpec spec = CommandSpec.create().name("jrun");
        GlobalOptions.describe(spec);
        Options.help(spec);
        Options.flag(spec, "print the version", "-v", "-V", "--version");
        return Options.commandLine(spec).setStopAtUnmatched(true);
    }

    static String text() throws UsageException {
        CommandLine line = commandLine();
        line.getCommandSpec()
                .usageMessage()
                .customSynopsis("jrun [GLOBAL OPTIONS] COMMAND [OPTIONS] [ARGUMENTS]")
                .description("Runs containers from OCI bundles.");
        var text = new StringBuilder(CommandHelp.usage(line)).append("\nCommands:\n");
        for (String name : CommandTable.NAMES) {
            String summary = CommandTable.get(name).summary();
            text.append("  ")
                    .append(name)
                    .repeat(' ', NAME_WIDTH - name.length())
                    .append(summary)
                    .append('\n');
        }
        return text.append("\njrun COMMAND --help says more about a command.\n").toString();
    }
}
