// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Adds options to a picocli model, and finds what was given for them. Models are built anew for each call. */
final class Options {

    private Options() {}

    /** Adds an option without a value. */
    static void flag(CommandSpec spec, String description, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build());
    }

    /** Adds an option with a value. */
    static void value(CommandSpec spec, String label, String description, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .build());
    }

    /** Adds {@code --help}. */
    static void help(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("-h", "--help")
                .type(boolean.class)
                .arity("0")
                .usageHelp(true)
                .description("print this text")
                .build());
    }

    /** Adds everything that is not an option. */
    static void arguments(CommandSpec spec, String label) {
        spec.addPositional(PositionalParamSpec.builder()
                .index("0..*")
                .arity("0..*")
                .type(String[].class)
                .paramLabel(label)
                .hidden(true)
                .build());
    }

    static boolean isSet(ParseResult parsed, String name) {
        return parsed.hasMatchedOption(name);
    }

    static String get(ParseResult parsed, String name, String otherwise) {
        return parsed.matchedOptionValue(name, otherwise);
    }

    /** What was given besides options. */
    static List<String> arguments(ParseResult parsed) {
        return List.of(parsed.matchedPositionalValue(0, new String[0]));
    }
}
