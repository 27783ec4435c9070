// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.CommandHelp;
import dev.jrun.cli.CommandTable;
import dev.jrun.cli.Delimiter;
import dev.jrun.cli.GlobalHelp;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

class OptionsTest {

    private static ParseResult parse(CommandLine line, String... words) {
        return line.parseArgs(Delimiter.put(line, List.of(words)));
    }

    @Test
    void aModelThatIsUsedAgainForgetsWhatItParsedBefore() throws Exception {
        CommandLine line = CommandHelp.commandLine("run", CommandTable.get("run"));
        ParseResult first = parse(line, "--detach", "--bundle", "b", "c1");
        assertTrue(Options.isSet(first, "--detach"));
        assertEquals("b", Options.get(first, "--bundle", "."));
        assertEquals(List.of("c1"), Options.arguments(first));

        ParseResult second = parse(line, "c2");
        assertFalse(Options.isSet(second, "--detach"));
        assertFalse(Options.isSet(second, "--bundle"));
        assertEquals(".", Options.get(second, "--bundle", "."));
        assertEquals(List.of("c2"), Options.arguments(second));
    }

    @Test
    void eachValueOfAnOptionThatIsRepeatedCounts() {
        CommandLine line = GlobalHelp.commandLine();
        ParseResult both = parse(line, "--allow-annotation", "a", "--allow-annotation=b", "list");
        assertEquals(List.of("a", "b"), Options.all(both, "--allow-annotation"));
        assertEquals(List.of(), Options.all(parse(line, "list"), "--allow-annotation"));
    }

    @Test
    void optionsAndArgumentsComeInAnyOrder() throws Exception {
        CommandLine line = CommandHelp.commandLine("run", CommandTable.get("run"));
        for (List<String> words : List.of(
                List.of("-d", "-b", "/b", "c1"),
                List.of("-db", "/b", "c1"),
                List.of("-db/b", "c1"),
                List.of("--bundle=/b", "--detach", "c1"),
                List.of("c1", "--bundle", "/b", "-d"),
                List.of("-d", "c1", "-b=/b"),
                List.of("-d", "-b", "/b", "--", "c1"))) {
            ParseResult parsed = parse(line, words.toArray(new String[0]));
            assertTrue(Options.isSet(parsed, "--detach"), words::toString);
            assertEquals("/b", Options.get(parsed, "--bundle", "."), words::toString);
            assertEquals(List.of("c1"), Options.arguments(parsed), words::toString);
        }
    }

    @Test
    void behindTheDelimiterAnythingIsAnArgument() throws Exception {
        CommandLine line = CommandHelp.commandLine("run", CommandTable.get("run"));
        ParseResult parsed = parse(line, "-d", "--", "-b");
        assertEquals(List.of("-b"), Options.arguments(parsed));
        assertFalse(Options.isSet(parsed, "--bundle"));
    }

    @Test
    void whatStandsBehindACommandIsLeftToIt() {
        CommandLine line = GlobalHelp.commandLine();
        ParseResult parsed = parse(line, "--root", "/r", "run", "--bundle", "-1", "--", "-x");
        assertEquals("/r", Options.get(parsed, "--root", ""));
        assertEquals(List.of("run", "--bundle", "-1", "--", "-x"), Options.arguments(parsed));
    }
}
