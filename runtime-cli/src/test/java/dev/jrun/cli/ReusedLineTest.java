// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Options;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParseResult;

class ReusedLineTest {

    private static final List<String> FIRST = List.of("--detach", "--env", "A=1", "c1", "true");
    private static final List<String> SECOND = List.of("--env", "B=2", "--env", "C=3", "c2", "false");

    private final CommandLines lines = new CommandLines();

    private ReusedLine take(List<String> words) throws CommandException {
        return lines.take("exec", CommandTable.get("exec"), words);
    }

    private ParseResult parse(List<String> words) throws CommandException {
        ReusedLine line = take(words);
        ParseResult parsed = line.parse(words, "exec");
        lines.giveBack("exec", line);
        return parsed;
    }

    private static void assertIsFirst(ParseResult parsed) {
        assertTrue(Options.isSet(parsed, "--detach"));
        assertEquals(List.of("c1", "true"), Options.arguments(parsed));
        assertEquals(
                List.of("A=1"), parsed.commandSpec().optionsMap().get("--env").getValue());
    }

    private static void assertIsSecond(ParseResult parsed) {
        assertFalse(Options.isSet(parsed, "--detach"));
        assertEquals(List.of("c2", "false"), Options.arguments(parsed));
        assertEquals(
                List.of("B=2", "C=3"),
                parsed.commandSpec().optionsMap().get("--env").getValue());
    }

    @Test
    void saysOfTheSameWordsTheSame() throws Exception {
        ParseResult parsed = parse(FIRST);

        assertIsFirst(parsed);
        assertSame(parsed, parse(List.copyOf(FIRST)));
        assertIsFirst(parsed);
    }

    @Test
    void saysOfOthersWhatTheySay() throws Exception {
        assertIsFirst(parse(FIRST));
        assertIsSecond(parse(SECOND));
        assertIsFirst(parse(FIRST));
    }

    @Test
    void takesTheModelThatHasParsedTheWordsBefore() throws Exception {
        ReusedLine first = take(FIRST);
        ReusedLine second = take(SECOND);
        first.parse(FIRST, "exec");
        second.parse(SECOND, "exec");
        lines.giveBack("exec", first);
        lines.giveBack("exec", second);

        assertSame(second, take(SECOND));
        assertSame(first, take(SECOND));
    }

    @Test
    void refusesTheSameWordsEachTime() throws Exception {
        List<String> wrong = List.of("--env");

        parse(FIRST);
        for (int i = 0; i < 2; i++) {
            ReusedLine line = take(wrong);
            assertThrows(CommandException.class, () -> line.parse(wrong, "exec"));
            lines.giveBack("exec", line);
        }
        assertIsFirst(parse(FIRST));
    }

    @Test
    void keepsNoLongWords() throws Exception {
        List<String> words = List.of("c1", "echo", "x".repeat(5000));

        ParseResult parsed = parse(words);

        assertEquals(words, Options.arguments(parsed));
        assertFalse(take(words).has(words));
    }
}
