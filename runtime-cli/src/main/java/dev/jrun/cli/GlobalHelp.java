// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.cli.call.GlobalOptions;
import dev.jrun.cli.call.Options;
import dev.jrun.cli.call.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What precedes the name of a command, and the text of {@code jrun --help}. */
public final class GlobalHelp {

    /** As {@link dev.jrun.cli.call.Command#examples} has them. */
    public static final String EXAMPLES = """
            Write a bundle's configuration, check it, and run a container:
                jrun spec --bundle new
                jrun validate --bundle hello
                jrun run --detach --bundle hello web
            Keep containers' states in another directory, and log errors in the format that containerd reads:
                jrun --root ./mine --log ./mine.log --log-format json run --bundle short once
            """;

    private static final int NAME_WIDTH = 14;

    private GlobalHelp() {}

    public static CommandLine commandLine() {
        CommandSpec spec = CommandSpec.create().name("jrun");
        GlobalOptions.describe(spec);
        Options.help(spec);
        Options.flag(
                spec, "print the versions of jrun, its build, the OCI specification and Java", "-v", "-V", "--version");
        return Options.commandLine(spec).setStopAtUnmatched(true);
    }

    static String text() throws UsageException {
        CommandLine line = commandLine();
        line.getCommandSpec()
                .usageMessage()
                .customSynopsis("jrun [GLOBAL OPTIONS] COMMAND [OPTIONS] [ARGUMENTS]")
                .description("run containers from OCI bundles");
        var text = new StringBuilder(CommandHelp.usage(line)).append("\nCommands:\n");
        for (String name : CommandTable.NAMES) {
            String summary = CommandTable.get(name).summary();
            text.append("  ")
                    .append(name)
                    .repeat(' ', NAME_WIDTH - name.length())
                    .append(summary)
                    .append('\n');
        }
        return text.append(CommandHelp.examples(EXAMPLES))
                .append("\nRun jrun COMMAND --help for a command's options and examples.\n")
                .toString();
    }
}
