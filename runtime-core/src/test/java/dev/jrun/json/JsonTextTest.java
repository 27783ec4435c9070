// SPDX-License-Identifier: Apache-2.0
package dev.jrun.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    @Test
    void everyKindOfValueIsRead() throws MalformedJsonException {
        assertEquals(
                object(
                        "a",
                        new Json.Arr(List.of(
                                new Json.Num("1"),
                                new Json.Num("-2.50e+3"),
                                new Json.Str("ü\n"),
                                new Json.Bool(true),
                                new Json.Bool(false),
                                new Json.Null(),
                                new Json.Arr(List.of()),
                                object("b", new Json.Str(""))))),
                parse(" {\"a\":[1, -2.50e+3, \"ü\\n\", true, false, null, [], {\"b\":\"\"}]}\n"));
    }

    @Test
    void numbersKeepAllTheirDigits() throws MalformedJsonException {
        String digits = "9".repeat(100_000);
        assertEquals(new Json.Num(digits), parse(digits));
    }

    @Test
    void theLastOfSeveralMembersWithTheSameNameCounts() throws MalformedJsonException {
        assertEquals(object("a", new Json.Num("2")), parse("{\"a\":1,\"a\":2}"));
    }

    @Test
    void namesThatDifferInCaseDiffer() throws MalformedJsonException {
        Json.Obj parsed = (Json.Obj) parse("{\"a\":1,\"A\":2}");
        assertEquals(Map.of("a", new Json.Num("1"), "A", new Json.Num("2")), parsed.members());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {]             | line 1, column 2: not valid JSON: Unexpected close marker ']': expected '}'
            {              | line 1, column 2: not valid JSON: Unexpected end-of-input: expected close marker for Object
            {"a":1,}       | line 1, column 8: not valid JSON: Unexpected character ('}' (code 125)): was expecting double-quote to start field name
            {"a" 1}        | line 1, column 6: not valid JSON: Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value
            [1 2]          | line 1, column 4: not valid JSON: Unexpected character ('2' (code 50)): was expecting comma to separate Array entries
            {"a":NaN}      | line 1, column 9: not valid JSON: Non-standard token 'NaN'
            // | line 1, column 1: not valid JSON: Unexpected character ('/' (code 47)): maybe a (non-standard) comment?
            {} {}          | line 1, column 4: not valid JSON: expected the end of the document after its value
            {"a":"x        | line 1, column 8: not valid JSON: Unexpected end-of-input in VALUE_STRING
            {"a":01}       | line 1, column 7: not valid JSON: Invalid numeric value: Leading zeroes not allowed
            """)
    void malformedTextIsRefusedWithItsPlace(String text, String message) {
        assertEquals(message, messageFor(text));
    }

    @Test
    void linesAreCounted() {
        assertTrue(messageFor("{\n  \"a\": 1,\n  b\n}").startsWith("line 3, column 3: "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n"})
    void anEmptyDocumentIsRefused(String text) {
        assertEquals("it is empty; expected: a JSON object", messageFor(text));
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        byte[] text = "{\"a\":\"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1);
        MalformedJsonException e = assertThrows(MalformedJsonException.class, () -> JsonText.parse(text));
        assertTrue(e.getMessage().contains("Invalid UTF-8"), e.getMessage());
    }

    @Test
    void aThousandLevelsAreRead() throws MalformedJsonException {
        Json json = parse("[".repeat(1000) + "]".repeat(1000));
        int levels = 0;
        while (json instanceof Json.Arr(List<Json> elements)) {
            levels++;
            json = elements.isEmpty() ? new Json.Null() : elements.getFirst();
        }
        assertEquals(1000, levels);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":"})
    void deepNestingIsRefused(String open) {
        assertTrue(messageFor(open.repeat(100_000)).endsWith("nested too deep; allowed: 1000 levels"));
    }

    @Test
    void tooManyValuesAreRefused() throws MalformedJsonException {
        assertEquals(
                JsonText.MAX_VALUES - 1,
                ((Json.Arr) parse("[1" + ",1".repeat(JsonText.MAX_VALUES - 2) + "]"))
                        .elements()
                        .size());
        assertEquals(
                "line 1, column 524289: too many values; allowed: 262144",
                messageFor("[1" + ",1".repeat(JsonText.MAX_VALUES - 1) + "]"));
    }

    @Test
    void aDocumentOf16MebibytesIsRead() throws MalformedJsonException {
        String text = "\"" + "a".repeat(JsonText.MAX_BYTES - 2) + "\"";
        assertEquals(new Json.Str("a".repeat(JsonText.MAX_BYTES - 2)), parse(text));
    }

    @Test
    void aLargerDocumentIsRefused() {
        assertEquals(
                "it has 16777217 bytes; allowed: at most 16777216", messageFor(" ".repeat(JsonText.MAX_BYTES + 1)));
    }

    private static String messageFor(String text) {
        return assertThrows(MalformedJsonException.class, () -> parse(text)).getMessage();
    }

    private static Json parse(String text) throws MalformedJsonException {
        return JsonText.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Json.Obj object(String name, Json value) {
        SequencedMap<String, Json> members = new LinkedHashMap<>();
        members.put(name, value);
        return new Json.Obj(members);
    }
}
