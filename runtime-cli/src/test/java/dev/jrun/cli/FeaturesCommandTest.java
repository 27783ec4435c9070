// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jrun.program.Report;
import dev.jrun.spec.Config;
import dev.jrun.spec.ConfigReader;
import dev.jrun.spec.MountOption;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.NotYetImplemented;
import dev.jrun.spec.fixtures.OciSchema;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code jrun features} lists what is not refused, and that alone. */
class FeaturesCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private String text;
    private JsonNode features;
    private Set<String> refused;

    @BeforeEach
    void read() throws Exception {
        var call = RecordedSession.call(List.of("features"), RecordedSession.allSystemCalls(), new Report.Finished());
        String bytes = call.bytes();
        text = bytes.substring(bytes.indexOf("{\n"), bytes.lastIndexOf("\n}\n") + 3);
        features = JSON.readTree(text);
        refused = NotYetImplemented.in(everything()).stream()
                .map(problem -> problem.pointer().replaceAll("/\\d+", ""))
                .collect(Collectors.toSet());
    }

    /** A configuration in which every property asks for something. */
    private static Config everything() throws IOException {
        try (InputStream document = FeaturesCommandTest.class.getResourceAsStream("/fixtures/valid/everything.json")) {
            return ConfigReader.read(document.readAllBytes()).value().orElseThrow();
        }
    }

    @Test
    void isWhatTheSpecificationsSchemaAsksFor() {
        assertEquals(List.of(), OciSchema.ofFeatures().problems(text));
    }

    @Test
    void listsTheHooksThatAreNotRefused() {
        Stream<String> hooks =
                Stream.of("prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop");
        assertEquals(
                hooks.filter(name -> !refused.contains("/hooks/" + name))
                        .collect(Collectors.toCollection(TreeSet::new)),
                new TreeSet<>(strings("/hooks")));
    }

    @Test
    void listsTheMountOptionsThatAreNotRefused() {
        assertEquals(
                Arrays.stream(MountOption.values())
                        .map(MountOption::specName)
                        .sorted()
                        .toList(),
                strings("/mountOptions"));
    }

    @Test
    void listsAllTypesOfNamespaces() {
        assertEquals(
                Arrays.stream(Namespace.Type.values())
                        .map(Namespace.Type::specName)
                        .sorted()
                        .toList(),
                strings("/linux/namespaces"));
    }

    @Test
    void saysWhichOfTheOtherFeaturesAreNotRefused() {
        assertEnabled("/linux/seccomp/enabled", "/linux/seccomp");
        assertEnabled("/linux/apparmor/enabled", "/process/apparmorProfile");
        assertEnabled("/linux/selinux/enabled", "/process/selinuxLabel");
        assertEnabled("/linux/intelRdt/enabled", "/linux/intelRdt");
        assertEnabled("/linux/netDevices/enabled", "/linux/netDevices");
        assertEnabled("/linux/mountExtensions/idmap/enabled", "/mounts/uidMappings");
        assertEnabled("/linux/cgroup/rdma", "/linux/resources/rdma");
    }

    private void assertEnabled(String feature, String property) {
        assertEquals(!refused.contains(property), features.at(feature).asBoolean(), feature);
    }

    private List<String> strings(String pointer) {
        List<String> strings = new ArrayList<>();
        features.at(pointer).forEach(element -> strings.add(element.asText()));
        return strings;
    }
}
