// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.cli.call.Options;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Puts a {@code --} between options and arguments if there is none. Without it, picocli checks for each argument, with
 * two exceptions, that it is not a negative number.
 */
public final class Delimiter {

    private static final String DELIMITER = "--";
    private static final int UNKNOWN = -1;

    private Delimiter() {}

    /** The words for {@code line} to parse. */
    public static String[] put(CommandLine line, List<String> words) {
        int first = firstArgument(line, words);
        if (first == UNKNOWN || !line.isStopAtUnmatched() && hasOption(words.subList(first, words.size()))) {
            return words.toArray(new String[0]);
        }
        List<String> delimited = new ArrayList<>(words.size() + 1);
        delimited.addAll(words);
        delimited.add(first, DELIMITER);
        return delimited.toArray(new String[0]);
    }

    /** The index of the first word that is no option and no option's value, if that can be said without parsing. */
    private static int firstArgument(CommandLine line, List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!Options.isOption(word)) {
                return i;
            }
            OptionSpec option = line.getCommandSpec().optionsMap().get(word);
            if (option == null && word.indexOf('=') < 0) {
                return UNKNOWN;
            }
            if (option != null && option.arity().max() > 0) {
                i++;
            }
        }
        return UNKNOWN;
    }

    private static boolean hasOption(List<String> words) {
        for (String word : words) {
            if (Options.isOption(word)) {
                return true;
            }
        }
        return false;
    }
}
