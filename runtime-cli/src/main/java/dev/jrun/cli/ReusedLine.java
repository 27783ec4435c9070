// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Options;
import dev.jrun.cli.call.UsageException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The model of a command line, and what it parsed last. Its options keep these values until it parses something else,
 * so the same words are not parsed again: probes of a container use the same words each time.
 */
final class ReusedLine {

    /** Longer ones are not kept for as long as nobody uses the model. */
    private static final int MOST_CHARACTERS = 4096;

    private final CommandLine line;
    private List<String> words = List.of();
    private ParseResult parsed;

    ReusedLine(CommandLine line) {
        this.line = line;
    }

    /** Whether it has parsed these. */
    boolean has(List<String> given) {
        return parsed != null && words.equals(given);
    }

    /**
     * What the words say, until other words are parsed.
     *
     * @param command that they belong to; empty: none
     */
    ParseResult parse(List<String> given, String command) throws CommandException {
        if (!has(given)) {
            parsed = null;
            ParseResult result = parseAnew(given, command);
            words = List.copyOf(given);
            parsed = result;
        }
        return parsed;
    }

    private ParseResult parseAnew(List<String> given, String command) throws CommandException {
        List<String> uniform = LongOptions.inOneForm(line, given);
        ParseResult result;
        try {
            result = line.parseArgs(Delimiter.put(line, uniform));
        } catch (ParameterException e) {
            throw UsageException.of(command, e.getMessage());
        }
        Optional<String> unknown =
                line.isStopAtUnmatched() ? Options.unknownFirst(result) : Options.unknown(result, uniform);
        if (unknown.isPresent()) {
            throw UsageException.unknownOption(
                    command, unknown.get(), line.getCommandSpec().optionsMap().keySet());
        }
        return result;
    }

    /** Nobody needs the parse result any more. */
    void rest() {
        int characters = 0;
        for (String word : words) {
            characters += word.length();
        }
        if (characters > MOST_CHARACTERS) {
            words = List.of();
            parsed = null;
        }
    }
}
