// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Takes the value of an option: the next word, unless that is an option itself. By itself picocli would find out of each value, with
 * two exceptions, that it is no negative number.
 */
final class OptionValue implements IParameterConsumer {

    @Override
    public void consumeParameters(Stack<String> words, ArgSpec argument, CommandSpec spec) {
        OptionSpec option = (OptionSpec) argument;
        if (words.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Missing required parameter for option '" + option.longestName() + "' (" + option.paramLabel()
                            + ")");
        }
        String value = words.pop();
        if (spec.optionsMap().containsKey(value)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Expected parameter for option '" + option.longestName() + "' but found '" + value + "'");
        }
        option.setValue(value);
    }
}
