// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jrun.spec.fixtures.OciSchema;
import dev.jrun.spec.reading.ConfigReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the specification's schema refuses, the reader refuses: every value of a document is replaced by many others,
 * one at a time, or left out, and another reader of the schema says what is wrong with that.
 */
class SchemaDifferenceTest {
    private static final OciSchema SCHEMA = OciSchema.ofConfigurations();
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final List<String> DOCUMENTS = List.of(
            "valid/everything.json",
            "valid/mount-options.json",
            "valid/crun-mount-options.json",
            "captured/containerd-1.6-memory-seccomp.json",
            "captured/docker-20.10-limits.json",
            "captured/podman-4.3-userns.json",
            "runc-spec/root-unified.json",
            "oci-runtime-schema/test/config/good/linux-rdma.json",
            "oci-runtime-schema/test/config/good/linux-netdevice.json");

    private static final List<String> REPLACEMENTS = List.of(
            "null",
            "3.5",
            "-1",
            "0",
            "70000",
            "5000000000",
            "18446744073709551616",
            "true",
            "\"\"",
            "\"x\"",
            "\"x/\\u0000y\"",
            "[]",
            "[3]",
            "[\"x\"]",
            "[[]]",
            "[{}]",
            "{}",
            "{\"x\": 3}");

    /** What the reader accepts although the schema does not. */
    private enum Intended {
        /** Go's encodings of what is absent, which clients write. */
        NULL_IS_ABSENT("null", ".*"),
        EMPTY_STRINGS_ARE_ABSENT("\"\"", ".*"),
        /** Bits for set-user-ID, set-group-ID and sticky, and those of the file's type, which runc takes, too. */
        FILE_MODES_ABOVE_0777("70000|5000000000", "/linux/devices/\\d+/fileMode"),
        /** Not the platform's. */
        WINDOWS(".*", "/process/(commandLine|user/username)"),
        /** What runc and crun take for no limit. */
        NO_LIMIT_OF_TASKS("\\{}|\\{\"x\": 3}|removed", "/linux/resources/pids(/limit)?");

        private final String replacement;
        private final String pointer;

        Intended(String replacement, String pointer) {
            this.replacement = replacement;
            this.pointer = pointer;
        }

        boolean covers(String where, String value) {
            return value.matches(replacement) && where.matches(pointer);
        }
    }

    /** What was accepted in spite of the schema: the differences that are intended, and the others, a line each. */
    private final Set<Intended> intended = EnumSet.noneOf(Intended.class);

    private final List<String> others = new ArrayList<>();

    @Test
    void theReaderRefusesWhatTheSchemaRefuses() throws JsonProcessingException {
        for (String path : DOCUMENTS) {
            JsonNode document = schemaConforming(path);
            assertEquals(List.of(), SCHEMA.problems(document.toString()), path);
            for (JsonPointer pointer : pointers(document)) {
                for (String replacement : REPLACEMENTS) {
                    check(with(document, pointer, Optional.of(JSON.readTree(replacement))), pointer, replacement);
                }
                check(with(document, pointer, Optional.empty()), pointer, "removed");
            }
        }
        assertEquals("", String.join("\n", others));
        assertEquals(EnumSet.allOf(Intended.class), intended);
    }

    private void check(JsonNode changed, JsonPointer pointer, String replacement) {
        String text = changed.toString();
        if (!isAccepted(text)) {
            return;
        }
        List<String> refused = SCHEMA.problems(text);
        if (refused.isEmpty()) {
            return;
        }
        Optional<Intended> covering = Stream.of(Intended.values())
                .filter(difference -> difference.covers(pointer.toString(), replacement))
                .findFirst();
        covering.ifPresentOrElse(intended::add, () -> others.add(pointer + " = " + replacement + ": " + refused));
    }

    private static boolean isAccepted(String text) {
        return ConfigReader.read(text.getBytes(StandardCharsets.UTF_8))
                .problems()
                .isEmpty();
    }

    /** A document without what the specification's text has, but its schema has not, and with what only that has. */
    private static JsonNode schemaConforming(String path) throws JsonProcessingException {
        ObjectNode document = (ObjectNode) JSON.readTree(Fixtures.text(path));
        if (path.equals("valid/everything.json")) {
            ObjectNode linux = (ObjectNode) document.get("linux");
            linux.put("rootfsPropagation", "slave");
            ((ObjectNode) linux.at("/devices/0")).put("fileMode", 0644);
            ((ObjectNode) document.get("process")).put("commandLine", "x");
            ((ObjectNode) document.at("/process/user")).put("username", "x");
        }
        return document;
    }

    private static List<JsonPointer> pointers(JsonNode document) {
        List<JsonPointer> pointers = new ArrayList<>();
        add(document, JsonPointer.empty(), pointers);
        return pointers;
    }

    private static void add(JsonNode node, JsonPointer at, List<JsonPointer> pointers) {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            pointers.add(at.appendProperty(member.getKey()));
            add(member.getValue(), at.appendProperty(member.getKey()), pointers);
        }
        // The elements of long lists are alike.
        for (int i = 0; i < Math.min(3, node.isArray() ? node.size() : 0); i++) {
            pointers.add(at.appendIndex(i));
            add(node.get(i), at.appendIndex(i), pointers);
        }
    }

    private static JsonNode with(JsonNode document, JsonPointer pointer, Optional<JsonNode> value) {
        JsonNode copy = document.deepCopy();
        JsonNode parent = copy.at(pointer.head());
        String name = pointer.last().getMatchingProperty();
        if (parent instanceof ArrayNode array) {
            int index = Integer.parseInt(name);
            value.ifPresentOrElse(node -> array.set(index, node), () -> array.remove(index));
        } else {
            ObjectNode object = (ObjectNode) parent;
            value.ifPresentOrElse(node -> object.set(name, node), () -> object.remove(name));
        }
        return copy;
    }

    @Test
    void theSchemasOwnBadDocumentsAreRefusedByBoth() {
        for (String path : Fixtures.documents("oci-runtime-schema/test/config/bad")) {
            if (!path.contains("invalid-json")) {
                assertTrue(!SCHEMA.problems(Fixtures.text(path)).isEmpty(), path);
            }
            assertTrue(!ConfigReader.read(Fixtures.bytes(path)).problems().isEmpty(), path);
        }
    }
}
