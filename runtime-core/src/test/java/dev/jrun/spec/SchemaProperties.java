// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The properties of a configuration in the specification's schema, by names such as {@code linux.devices[].path};
 * {@code *} stands for names that the configuration chooses. Of other platforms only the property is listed that holds
 * theirs.
 */
final class SchemaProperties {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> OTHER_PLATFORMS = Set.of("solaris", "windows", "vm", "zos", "freebsd");

    private final Map<String, JsonNode> documents = new LinkedHashMap<>();
    private final Set<String> names = new LinkedHashSet<>();

    private SchemaProperties() {}

    static Set<String> ofConfigurations() {
        SchemaProperties properties = new SchemaProperties();
        properties.addAllOf("config-schema.json", properties.document("config-schema.json"), "");
        return properties.names;
    }

    private JsonNode document(String name) {
        return documents.computeIfAbsent(name, file -> {
            try {
                return JSON.readTree(Fixtures.bytes("oci-runtime-schema/" + file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Adds the properties of what a schema describes. */
    private void addAllOf(String document, JsonNode schema, String name) {
        if (schema.has("$ref")) {
            addReferenced(document, schema.get("$ref").asText(), name);
        }
        for (String alternatives : List.of("allOf", "anyOf")) {
            schema.path(alternatives).forEach(alternative -> addAllOf(document, alternative, name));
        }
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            String member = name.isEmpty() ? property.getKey() : name + "." + property.getKey();
            names.add(member);
            if (!OTHER_PLATFORMS.contains(member)) {
                addAllOf(document, property.getValue(), member);
            }
        }
        if (schema.has("items")) {
            addAllOf(document, schema.get("items"), name + "[]");
        }
        if (schema.path("additionalProperties").isObject()) {
            addAllOf(document, schema.get("additionalProperties"), name + ".*");
        }
    }

    private void addReferenced(String document, String reference, String name) {
        int hash = reference.indexOf('#');
        String referenced = hash == 0 ? document : reference.substring(0, hash);
        addAllOf(referenced, document(referenced).at(reference.substring(hash + 1)), name);
    }
}
