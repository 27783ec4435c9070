// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.cli.call.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The two forms of options that Go's flag package understands as well, and so runc does: a long option with one dash
 * ({@code -no-subreaper}, which go-runc sends), and an option without a value that is given one all the same
 * ({@code --force=true}).
 */
final class LongOptions {

    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

    private LongOptions() {}

    /** The words as {@code line} takes them. */
    static List<String> inOneForm(CommandLine line, List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).startsWith("-")) {
                return new Walk(line, words).result();
            }
        }
        return words;
    }

    /** Goes from word to word, and steps over what is an option's value. */
    private static final class Walk {
        private final CommandLine line;
        private final List<String> words;
        private final List<String> result;

        Walk(CommandLine line, List<String> words) {
            this.line = line;
            this.words = words;
            this.result = new ArrayList<>(words.size());
        }

        List<String> result() {
            int next = 0;
            while (next < words.size() && !endsOptions(words.get(next))) {
                next = take(next);
            }
            result.addAll(words.subList(next, words.size()));
            return result;
        }

        private boolean endsOptions(String word) {
            return word.equals("--") || line.isStopAtUnmatched() && !Options.isOption(word);
        }

        /** Returns the index behind the option, or the argument, at {@code index}. */
        private int take(int index) {
            String word = words.get(index);
            if (!word.startsWith("-")) {
                result.add(word);
                return index + 1;
            }
            int equals = word.indexOf('=');
            String name = longName(equals < 0 ? word : word.substring(0, equals));
            OptionSpec option = line.getCommandSpec().optionsMap().get(name);
            if (option == null) {
                result.add(word);
                return index + 1;
            }
            boolean takesValue = option.arity().max() > 0;
            if (equals >= 0) {
                String value = word.substring(equals + 1);
                if (takesValue) {
                    result.add(name + "=" + value);
                } else {
                    addFlag(name, value);
                }
                return index + 1;
            }
            result.add(name);
            if (takesValue && index + 1 < words.size()) {
                result.add(words.get(index + 1));
                return index + 2;
            }
            return index + 1;
        }

        /**
         * Any other name than that of a long option with one dash stays as it is: {@code -df} may well be two short
         * ones.
         */
        private String longName(String name) {
            var options = line.getCommandSpec().optionsMap();
            return !options.containsKey(name) && options.containsKey("-" + name) ? "-" + name : name;
        }

        /** What is neither true nor false is left for picocli to refuse. */
        private void addFlag(String name, String value) {
            if (TRUE.contains(value)) {
                result.add(name);
            } else if (!FALSE.contains(value)) {
                result.add(name + "=" + value);
            }
        }
    }
}
