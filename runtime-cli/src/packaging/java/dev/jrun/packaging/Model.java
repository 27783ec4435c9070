// SPDX-License-Identifier: Apache-2.0
package dev.jrun.packaging;

import dev.jrun.cli.CommandHelp;
import dev.jrun.cli.CommandTable;
import dev.jrun.cli.GlobalHelp;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.UsageException;
import dev.jrun.cli.call.Version;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** All commands in one model, as picocli's generators take it, with the examples of each. */
final class Model {
    private final CommandLine jrun = GlobalHelp.commandLine();

    Model() {
        try {
            addCommands();
        } catch (UsageException e) {
            throw new IllegalStateException(e);
        }
    }

    CommandSpec root() {
        return jrun.getCommandSpec();
    }

    private void addCommands() throws UsageException {
        root().version("jrun " + Version.JRUN);
        root().usageMessage()
                .customSynopsis("jrun [GLOBAL OPTIONS] COMMAND [OPTIONS] [ARGUMENTS]")
                .description("run containers from OCI bundles");
        addExamples(root(), GlobalHelp.EXAMPLES);
        for (String name : CommandTable.names()) {
            // "explain exec" is a command of "explain".
            String[] words = name.split(" ");
            CommandLine parent =
                    words.length == 1 ? jrun : jrun.getSubcommands().get(words[0]);
            Command described = CommandTable.get(name);
            CommandLine command = CommandHelp.commandLine(name, described);
            String own = words[words.length - 1];
            parent.addSubcommand(own, command);
            command.getCommandSpec().name(own).version("jrun " + Version.JRUN);
            addExamples(command.getCommandSpec(), described.examples());
        }
    }

    /** In AsciiDoc: each with what it does. */
    private static void addExamples(CommandSpec command, String examples) {
        List<String> lines = new ArrayList<>(List.of(command.usageMessage().footer()));
        if (!lines.isEmpty()) {
            lines.add("");
        }
        for (String line : examples.lines().toList()) {
            if (line.startsWith(" ")) {
                lines.addAll(List.of("", "  $ " + line.strip(), ""));
            } else {
                lines.add(line);
            }
        }
        command.usageMessage()
                .footerHeading("Examples%n")
                .footer(lines.stream().map(line -> line.replace("%", "%%")).toArray(String[]::new));
    }
}
