// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map.Entry;
import java.util.SequencedMap;

/** Writes {@link Json} as Go's {@code json.MarshalIndent} does with tabs, without a newline at the end. */
final class JsonWriter {
    private static final DefaultIndenter TABS = new DefaultIndenter("\t", "\n");

    private final JsonGenerator generator;

    private JsonWriter(JsonGenerator generator) {
        this.generator = generator;
    }

    static String write(Json json) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
            generator.setPrettyPrinter(new DefaultPrettyPrinter()
                    .withSeparators(Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.AFTER))
                    .withObjectIndenter(TABS)
                    .withArrayIndenter(TABS));
            new JsonWriter(generator).value(json);
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return text.toString();
    }

    /** No switch over types: see {@link Members} on what a cold start pays for one. */
    private void value(Json json) throws IOException {
        if (json instanceof Json.Obj(SequencedMap<String, Json> members)) {
            generator.writeStartObject();
            for (Entry<String, Json> member : members.entrySet()) {
                generator.writeFieldName(member.getKey());
                value(member.getValue());
            }
            generator.writeEndObject();
        } else if (json instanceof Json.Arr(List<Json> elements)) {
            generator.writeStartArray();
            for (Json element : elements) {
                value(element);
            }
            generator.writeEndArray();
        } else if (json instanceof Json.Str(String value)) {
            generator.writeString(value);
        } else if (json instanceof Json.Num(String text)) {
            generator.writeNumber(text);
        } else if (json instanceof Json.Bool(boolean value)) {
            generator.writeBoolean(value);
        } else {
            generator.writeNull();
        }
    }
}
