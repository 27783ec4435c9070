// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Adds options to a picocli model, and finds what was given for them. */
public final class Options {

    private static final OptionValue VALUE = new OptionValue(Options::set);
    private static final OptionValue VALUES = new OptionValue(Options::add);

    private Options() {}

    /** Adds an option without a value. */
    public static void flag(CommandSpec spec, String description, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(boolean.class)
                .arity("0")
                .description(description)
                .build());
    }

    /** Adds an option with a value. */
    public static void value(CommandSpec spec, String label, String description, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(String.class)
                .arity("1")
                .parameterConsumer(VALUE)
                .paramLabel(label)
                .description(description)
                .build());
    }

    /** Adds an option with a value that may be given again, with another. */
    public static void values(CommandSpec spec, String label, String description, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .parameterConsumer(VALUES)
                .paramLabel(label)
                .description(description)
                .build());
    }

    /** Adds {@code --help}. */
    public static void help(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("-h", "--help")
                .type(boolean.class)
                .arity("0")
                .usageHelp(true)
                .description("print this text")
                .build());
    }

    /**
     * A parser of a model; of an option that is given twice the last one counts. What is none of its options it leaves
     * over.
     */
    public static CommandLine commandLine(CommandSpec spec) {
        return new CommandLine(spec)
                .setUnmatchedOptionsArePositionalParams(true)
                .setOverwrittenOptionsAllowed(true);
    }

    public static boolean isSet(ParseResult parsed, String name) {
        Object value = value(parsed, name);
        return value != null && value != Boolean.FALSE;
    }

    static String get(ParseResult parsed, String name, String otherwise) {
        Object value = value(parsed, name);
        return value == null ? otherwise : (String) value;
    }

    /** What was given for an option with {@link #values}, in order. */
    @SuppressWarnings("unchecked")
    static List<String> all(ParseResult parsed, String name) {
        Object values = value(parsed, name);
        return values == null ? List.of() : List.copyOf((List<String>) values);
    }

    /** The last one counts. */
    private static void set(ArgSpec option, String value) {
        option.setValue(value);
    }

    /** A model that is used again begins with no values. */
    @SuppressWarnings("unchecked")
    private static void add(ArgSpec option, String value) {
        List<String> values = option.getValue();
        List<String> more = values == null ? new ArrayList<>() : new ArrayList<>(values);
        more.add(value);
        option.setValue(more);
    }

    /** Picocli's own list of matched options lacks those with an {@link OptionValue}. */
    private static Object value(ParseResult parsed, String name) {
        return parsed.commandSpec().optionsMap().get(name).getValue();
    }

    /** What was given besides options. To picocli these are words that it knows nothing about. */
    public static List<String> arguments(ParseResult parsed) {
        return parsed.unmatched();
    }

    /**
     * Finds an option that the model does not have.
     *
     * @param words what was parsed
     * @return what picocli says of it; empty if there is none
     */
    public static Optional<String> unknown(ParseResult parsed, List<String> words) {
        List<String> arguments = arguments(parsed);
        int end = words.indexOf("--");
        // Behind "--" anything is an argument.
        int last = end < 0 ? arguments.size() : arguments.size() - (words.size() - end - 1);
        for (int i = 0; i < last; i++) {
            if (isOption(arguments.get(i))) {
                return Optional.of(arguments.get(i));
            }
        }
        return Optional.empty();
    }

    /** As {@link #unknown} for a model that leaves all from the first unknown word on to another. */
    public static Optional<String> unknownFirst(ParseResult parsed) {
        List<String> arguments = arguments(parsed);
        return arguments.isEmpty() || !isOption(arguments.getFirst())
                ? Optional.empty()
                : Optional.of(arguments.getFirst());
    }

    /** Whether a word that is no option's value is one itself. */
    public static boolean isOption(String word) {
        return word.startsWith("-") && word.length() > 1;
    }
}
