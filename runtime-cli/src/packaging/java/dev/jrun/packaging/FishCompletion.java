// SPDX-License-Identifier: Apache-2.0
package dev.jrun.packaging;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Completion for fish, for which picocli has no generator: a {@code complete} for each option and command, and the ids
 * of containers.
 */
final class FishCompletion {
    private static final String CONTAINERS = "(jrun list --quiet 2> /dev/null)";

    private final CommandSpec jrun;
    private final StringBuilder text = new StringBuilder();

    FishCompletion(CommandSpec jrun) {
        this.jrun = jrun;
    }

    String text() {
        text.append("# Completion of jrun for fish, made from its commands.\n");
        text.append("complete -c jrun -n __fish_use_subcommand -f\n");
        addOptions(jrun, "__fish_use_subcommand");
        for (var command : jrun.subcommands().entrySet()) {
            add(command.getKey(), command.getValue());
        }
        return text.toString();
    }

    private void add(String name, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        String summary = String.join(" ", spec.usageMessage().description());
        line(List.of("-n", "__fish_use_subcommand", "-f", "-a", name, "-d", quoted(summary)));
        String condition = quoted("__fish_seen_subcommand_from " + name);
        addOptions(spec, condition);
        if (takesContainer(spec)) {
            line(List.of("-n", condition, "-f", "-a", quoted(CONTAINERS)));
        }
        for (var sub : spec.subcommands().entrySet()) {
            line(List.of("-n", condition, "-f", "-a", sub.getKey()));
            addOptions(sub.getValue().getCommandSpec(), condition);
        }
    }

    /** Of one that is to be made nobody knows the id. */
    private static boolean takesContainer(CommandSpec spec) {
        String synopsis = String.join(" ", spec.usageMessage().customSynopsis());
        return synopsis.contains(" CONTAINER") && !spec.optionsMap().containsKey("--bundle");
    }

    private void addOptions(CommandSpec spec, String condition) {
        for (OptionSpec option : spec.options()) {
            List<String> words = new ArrayList<>(List.of("-n", condition));
            for (String name : option.names()) {
                words.add(name.startsWith("--") ? "-l" : "-s");
                words.add(name.substring(name.startsWith("--") ? 2 : 1));
            }
            if (option.arity().max() > 0) {
                words.add("-r");
            }
            words.addAll(List.of("-d", quoted(String.join(" ", option.description()))));
            line(words);
        }
    }

    private void line(List<String> words) {
        text.append("complete -c jrun ").append(String.join(" ", words)).append('\n');
    }

    /** As one word that fish expands nothing in. */
    private static String quoted(String words) {
        return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
