// SPDX-License-Identifier: Apache-2.0
package dev.jrun.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonWriterTest {

    private static JsonWriter document(JsonWriter json) {
        json.beginObject()
                .name("a")
                .value("x")
                .name("b")
                .value(1)
                .name("c")
                .beginArray()
                .endArray();
        json.name("d").beginObject().endObject().name("e").values(List.of("y", "z"));
        return json.name("f").value(true).endObject();
    }

    @Test
    void writesOnOneLine() {
        assertEquals(
                "{\"a\":\"x\",\"b\":1,\"c\":[],\"d\":{},\"e\":[\"y\",\"z\"],\"f\":true}",
                document(JsonWriter.compact()).toString());
    }

    @Test
    void indentsAsGoDoes() {
        assertEquals("""
                {
                  "a": "x",
                  "b": 1,
                  "c": [],
                  "d": {},
                  "e": [
                    "y",
                    "z"
                  ],
                  "f": true
                }""", document(JsonWriter.indented("  ")).toString());
    }

    @Test
    void escapesAsGoDoes() {
        assertEquals(
                "\"\\\"\\\\\\n\\r\\t\\u0001\\u003c\\u003e\\u0026\\u2028é/\"",
                JsonWriter.compact().value("\"\\\n\r\t\1<>&\u2028é/").toString());
    }

    @Test
    void writesEveryKindOfValueAsItWasRead() throws MalformedJsonException {
        String text = "{\"a\":[1,-2.50e+3,\"x\",true,false,null,[],{}],\"b\":{\"c\":12345678901234567890}}";
        JsonWriter json = JsonWriter.compact();
        JsonText.parse(text.getBytes(StandardCharsets.UTF_8)).write(json);
        assertEquals(text, json.toString());
    }

    /** Whatever stands before or behind it, and the like of it, which is written as it is. */
    @Test
    void escapesBehindTextThatIsNotAscii() {
        assertEquals(
                "\"é€‧\\u2028\\u2029‰\\\"\\u001f\u007f😀\\u2028\"",
                JsonWriter.compact()
                        .value("é€‧\u2028\u2029‰\"\u001f\u007f😀\u2028")
                        .toString());
    }

    @Test
    void writesTextOfAnyLength() {
        for (String unit : List.of("a", "é", "\n", "😀")) {
            String text = unit.repeat(100_000);
            JsonWriter json =
                    JsonWriter.compact().beginArray().value(text).value(text).endArray();
            String written = '"' + text.replace("\n", "\\n") + '"';
            assertEquals('[' + written + ',' + written + ']', json.toString());
            assertArrayEquals(json.toString().getBytes(StandardCharsets.UTF_8), json.utf8());
        }
    }
}
