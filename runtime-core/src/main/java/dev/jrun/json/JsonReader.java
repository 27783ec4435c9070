// SPDX-License-Identifier: Apache-2.0
package dev.jrun.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Reads a document of jrun's own from front to back, without a {@link Json} for each value: an object whose members are
 * asked for one after another. For other documents there is {@link JsonText}, which has limits.
 */
public final class JsonReader implements AutoCloseable {

    private final JsonParser parser;

    private JsonReader(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * Begins with an object.
     *
     * @throws MalformedJsonException if the document begins with something else
     */
    public static JsonReader of(byte[] document) throws MalformedJsonException {
        return of(new ByteArrayInputStream(document));
    }

    /**
     * Begins with an object. No more of the document is in memory than what is asked for.
     *
     * <p>All that reads from it throws {@link UncheckedIOException} if the document cannot be read.
     *
     * @throws MalformedJsonException if the document begins with something else
     */
    public static JsonReader of(InputStream document) throws MalformedJsonException {
        try {
            JsonReader reader = new JsonReader(JsonText.parser(document));
            reader.next();
            return reader;
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Whether the object has another member, whose value is to be read or skipped then. */
    public boolean nextMember() throws MalformedJsonException {
        if (next() != JsonToken.FIELD_NAME) {
            return false;
        }
        next();
        return true;
    }

    /** The member's name. */
    public String name() throws MalformedJsonException {
        try {
            return parser.currentName();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Whether the array has another object, which is to be read then. */
    public boolean nextObject() throws MalformedJsonException {
        return next() == JsonToken.START_OBJECT;
    }

    /** A string. */
    public String text() throws MalformedJsonException {
        try {
            return parser.getText();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** A number that fits. */
    public long number() throws MalformedJsonException {
        try {
            return parser.getLongValue();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** A number that fits. */
    public int smallNumber() throws MalformedJsonException {
        try {
            return parser.getIntValue();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** {@code true} or {@code false}. */
    public boolean truth() throws MalformedJsonException {
        try {
            return parser.getBooleanValue();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** An array of strings. */
    public List<String> texts() throws MalformedJsonException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new MalformedJsonException("an array is missing");
        }
        List<String> texts = new ArrayList<>();
        while (next() != JsonToken.END_ARRAY) {
            texts.add(text());
        }
        return texts;
    }

    /** An object of strings. */
    public SequencedMap<String, String> textsByName() throws MalformedJsonException {
        SequencedMap<String, String> texts = new LinkedHashMap<>();
        while (nextMember()) {
            texts.put(name(), text());
        }
        return texts;
    }

    /** Passes over a value. */
    public void skip() throws MalformedJsonException {
        try {
            parser.skipChildren();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    @Override
    public void close() {
        try {
            parser.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a document", e);
        }
    }

    private JsonToken next() throws MalformedJsonException {
        try {
            return parser.nextToken();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** What could not be read says nothing of what it is. */
    private static MalformedJsonException malformed(IOException e) {
        if (e instanceof JsonProcessingException parsing) {
            return new MalformedJsonException(parsing.getOriginalMessage());
        }
        if (e instanceof CharConversionException) {
            return new MalformedJsonException(e.getMessage());
        }
        throw new UncheckedIOException(e);
    }
}
