// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Takes the value of an option: the next word, unless that is an option itself. Without this, picocli would check for
 * each value, with two exceptions, that it is not a negative number.
 */
final class OptionValue implements IParameterConsumer {

    /** Where the value goes. */
    interface Keeping {
        void keep(ArgSpec option, String value);
    }

    private final Keeping keeping;

    OptionValue(Keeping keeping) {
        this.keeping = keeping;
    }

    @Override
    public void consumeParameters(Stack<String> words, ArgSpec argument, CommandSpec spec) {
        OptionSpec option = (OptionSpec) argument;
        if (words.isEmpty()) {
            throw missing(option, spec, "");
        }
        String value = words.pop();
        if (spec.optionsMap().containsKey(value)) {
            throw missing(option, spec, "; found the option " + value);
        }
        keeping.keep(option, value);
    }

    /** In Go's words: by them Podman finds out which options a runtime has. */
    private static ParameterException missing(OptionSpec option, CommandSpec spec, String found) {
        return new ParameterException(
                spec.commandLine(),
                "flag needs an argument: " + option.longestName() + " (" + option.paramLabel() + ")" + found);
    }
}
