// SPDX-License-Identifier: Apache-2.0
package dev.jrun.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Makes {@link Json} from text.
 *
 * <p>The parser's tokens are put together here and not by Jackson's data binding, whose classes alone take longer to
 * load than reading a configuration may take.
 */
public final class JsonText {
    /** Bytes that a document may have. */
    public static final int MAX_BYTES = 16 << 20;

    /**
     * Values that a document may have: numbers, strings and so on, arrays and objects. A value takes up to 200 bytes
     * when it is read, of which a large document of small values could fill any heap.
     */
    public static final int MAX_VALUES = 1 << 18;

    /** Levels to which a document may be nested. */
    public static final int MAX_DEPTH = 1000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            // The limits are those above.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_BYTES)
                    .maxNameLength(MAX_BYTES)
                    .maxNumberLength(MAX_BYTES)
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            // Every call has a thread of its own, so that buffers kept for a thread would only be garbage.
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final JsonParser parser;
    private final Deque<Container> open = new ArrayDeque<>();
    private int values;

    private JsonText(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * Parses a document.
     *
     * @throws MalformedJsonException if it is not one JSON value, or exceeds a limit
     */
    public static Json parse(byte[] document) throws MalformedJsonException {
        if (document.length > MAX_BYTES) {
            throw new MalformedJsonException(
                    "it has %d bytes; allowed: at most %d".formatted(document.length, MAX_BYTES));
        }
        try (JsonParser parser = parser(document)) {
            return new JsonText(parser).document();
        } catch (StreamReadException e) {
            throw new MalformedJsonException(at(e.getLocation()) + "not valid JSON: " + reason(e));
        } catch (IOException e) {
            // The source is an array, so only text that is not UTF-8 (or UTF-16, UTF-32) comes here.
            throw new MalformedJsonException("it is not text in UTF-8: " + Printable.of(e.getMessage()));
        }
    }

    static JsonParser parser(byte[] document) throws IOException {
        return FACTORY.createParser(document);
    }

    static JsonParser parser(InputStream document) throws IOException {
        return FACTORY.createParser(document);
    }

    private Json document() throws IOException, MalformedJsonException {
        if (parser.nextToken() == null) {
            throw new MalformedJsonException("it is empty; expected: a JSON object");
        }
        Json document = value();
        if (parser.nextToken() != null) {
            throw new MalformedJsonException(at(parser.currentTokenLocation())
                    + "not valid JSON: expected the end of the document after its value");
        }
        return document;
    }

    /**
     * The value that begins at the current token. A loop instead of recursion, since depth is the document's choice.
     */
    private Json value() throws IOException, MalformedJsonException {
        while (true) {
            switch (parser.currentToken()) {
                case START_OBJECT -> push(new OpenObject());
                case START_ARRAY -> push(new OpenArray());
                case FIELD_NAME -> ((OpenObject) open.element()).name = parser.currentName();
                default -> {
                    Json complete = completeValue();
                    if (++values > MAX_VALUES) {
                        throw new MalformedJsonException("%stoo many values; allowed: %d"
                                .formatted(at(parser.currentTokenLocation()), MAX_VALUES));
                    }
                    if (open.isEmpty()) {
                        return complete;
                    }
                    open.element().add(complete);
                }
            }
            parser.nextToken();
        }
    }

    private Json completeValue() throws IOException {
        return switch (parser.currentToken()) {
            case END_OBJECT, END_ARRAY -> open.pop().close();
            case VALUE_STRING -> new Json.Str(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Num(parser.getText());
            case VALUE_TRUE -> new Json.Bool(true);
            case VALUE_FALSE -> new Json.Bool(false);
            case VALUE_NULL -> Json.Null.NULL;
            case START_OBJECT, START_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new IllegalStateException("no value ends with " + parser.currentToken());
        };
    }

    private void push(Container container) throws MalformedJsonException {
        if (open.size() == MAX_DEPTH) {
            throw new MalformedJsonException(
                    "%snested too deep; allowed: %d levels".formatted(at(parser.currentTokenLocation()), MAX_DEPTH));
        }
        open.push(container);
    }

    private static String at(JsonLocation location) {
        return "line %d, column %d: ".formatted(location.getLineNr(), location.getColumnNr());
    }

    /** Jackson's reason, without its remarks on a source that it does not know and on features that it could have. */
    private static String reason(StreamReadException e) {
        String reason = e.getOriginalMessage();
        for (String remark : List.of(" (for ", " (start marker at ", " (not recognized as one since ", ": enable `")) {
            int at = reason.indexOf(remark);
            if (at >= 0) {
                reason = reason.substring(0, at);
            }
        }
        return Printable.of(reason);
    }

    private abstract static sealed class Container {
        abstract void add(Json value);

        abstract Json close();
    }

    private static final class OpenObject extends Container {
        private final SequencedMap<String, Json> members = LinkedHashMap.newLinkedHashMap(4);
        private String name;

        @Override
        void add(Json value) {
            members.put(name, value);
        }

        @Override
        Json close() {
            return new Json.Obj(members);
        }
    }

    private static final class OpenArray extends Container {
        private final List<Json> elements = new ArrayList<>();

        @Override
        void add(Json value) {
            elements.add(value);
        }

        @Override
        Json close() {
            return new Json.Arr(elements);
        }
    }
}
