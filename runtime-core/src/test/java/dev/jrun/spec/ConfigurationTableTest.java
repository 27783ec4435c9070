// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jrun.spec.reading.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** docs/configuration.md says of each property, mount option and namespace type what is so. */
class ConfigurationTableTest {
    private static final Path DOCUMENT = Path.of("../docs/configuration.md");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String WORKS = "yes";
    private static final String IGNORED = "ignored";

    /** What the document says of what is named in the first column, by the section. */
    private static final Map<String, Map<String, String>> SECTIONS = new TreeMap<>();

    @BeforeAll
    static void readTheDocument() throws IOException {
        String section = "";
        for (String line : Files.readAllLines(DOCUMENT)) {
            if (line.startsWith("#")) {
                section = line.replaceFirst("#+ ", "");
            }
            String[] cells = line.split("\\|", -1);
            if (cells.length == 6 && cells[1].contains("`")) {
                for (String name : cells[1].split(",")) {
                    String before = SECTIONS.computeIfAbsent(section, _ -> new TreeMap<>())
                            .put(name.strip().replace("`", ""), cells[2].strip());
                    assertEquals(null, before, "a second row for " + name);
                }
            }
        }
    }

    @Test
    void everyPropertyOfTheSchemaHasARow() {
        assertEquals(
                new TreeSet<>(SchemaProperties.ofConfigurations()), properties().keySet());
        assertEquals(Set.of(WORKS, IGNORED), Set.copyOf(properties().values()));
    }

    @Test
    void onlyWhatTheRowSaysIsNotRead() {
        for (Map.Entry<String, String> row : properties().entrySet()) {
            String name = row.getKey();
            assertEquals(!isRead(name), row.getValue().equals(IGNORED), name + " is ignored");
        }
    }

    @Test
    void everyMountOptionHasARow() {
        Map<String, String> expected = new TreeMap<>();
        for (MountOption option : MountOption.values()) {
            expected.put(option.specName(), WORKS);
        }
        assertEquals(expected, SECTIONS.get("Mount options"));
    }

    @Test
    void everyTypeOfNamespacesHasARow() {
        Map<String, String> expected = new TreeMap<>();
        for (Namespace.Type type : Namespace.Type.values()) {
            expected.put(type.specName(), WORKS);
        }
        assertEquals(expected, SECTIONS.get("Namespaces"));
    }

    private static Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        SECTIONS.forEach((section, rows) -> {
            if (!section.equals("Mount options") && !section.equals("Namespaces")) {
                properties.putAll(rows);
            }
        });
        return properties;
    }

    /** Whether a value is found to be wrong that no property may have. */
    private static boolean isRead(String name) {
        try {
            JsonNode document = JSON.readTree(Fixtures.bytes("valid/everything.json"));
            List<String> pointer = new ArrayList<>();
            JsonNode parent = document;
            List<String> path = Arrays.asList(name.replace("[]", ".0").split("\\."));
            for (String step : path.subList(0, path.size() - 1)) {
                String member = step.equals("*") ? parent.fieldNames().next() : step;
                pointer.add(member);
                parent = parent instanceof ArrayNode array ? array.get(Integer.parseInt(member)) : parent.get(member);
            }
            pointer.add(path.getLast());
            ((ObjectNode) parent).set(path.getLast(), DoubleNode.valueOf(3.5));
            String at = "/" + String.join("/", pointer);
            return ConfigReader.read(JSON.writeValueAsBytes(document)).problems().stream()
                    .anyMatch(problem -> problem.pointer().equals(at));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
