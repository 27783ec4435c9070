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

    private void value(Json json) throws IOException {
        switch (json) {
            case Json.Obj obj -> {
                generator.writeStartObject();
                for (var member : obj.members().entrySet()) {
                    generator.writeFieldName(member.getKey());
                    value(member.getValue());
                }
                generator.writeEndObject();
            }
            case Json.Arr arr -> {
                generator.writeStartArray();
                for (Json element : arr.elements()) {
                    value(element);
                }
                generator.writeEndArray();
            }
            case Json.Str str -> generator.writeString(str.value());
            case Json.Num num -> generator.writeNumber(num.text());
            case Json.Bool bool -> generator.writeBoolean(bool.value());
            case Json.Null ignored -> generator.writeNull();
        }
    }
}
