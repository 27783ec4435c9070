// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jrun.cli.RecordedSession;
import dev.jrun.kernel.Capability;
import dev.jrun.kernel.Errno;
import dev.jrun.program.Report;
import dev.jrun.spec.MountOption;
import dev.jrun.spec.fixtures.OciSchema;
import dev.jrun.spec.reading.ConfigReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code jrun features} lists what works, and that alone. */
class FeaturesCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private String text;
    private JsonNode features;

    @BeforeEach
    void read() throws Exception {
        text = text(RecordedSession.allSystemCalls());
        features = JSON.readTree(text);
    }

    /** What it prints on a kernel of which this is said. */
    private static String text(Report kernel) throws Exception {
        String bytes = RecordedSession.call(List.of("features"), kernel, new Report.Finished())
                .bytes();
        return bytes.substring(bytes.indexOf("{\n"), bytes.lastIndexOf("\n}\n") + 3);
    }

    @Test
    void isWhatTheSpecificationsSchemaAsksFor() {
        assertEquals(List.of(), OciSchema.ofFeatures().problems(text));
    }

    @Test
    void listsAllHooks() {
        assertEquals(
                Set.of("prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"),
                strings("/hooks"));
    }

    @Test
    void listsAllMountOptions() {
        assertEquals(
                Arrays.stream(MountOption.values())
                        .map(MountOption::specName)
                        .collect(Collectors.toCollection(TreeSet::new)),
                strings("/mountOptions"));
    }

    /** The reader leaves out all others, and options that it does not know to the file system. */
    @Test
    void listsAllCapabilities() {
        assertEquals(
                Arrays.stream(Capability.values()).map(Capability::name).collect(Collectors.toCollection(TreeSet::new)),
                strings("/linux/capabilities"));
    }

    @Test
    void saysThatTheOthersAreThere() {
        assertEnabled("/linux/seccomp/enabled");
        assertEnabled("/linux/apparmor/enabled");
        assertEnabled("/linux/selinux/enabled");
        assertEnabled("/linux/intelRdt/enabled");
        assertEnabled("/linux/netDevices/enabled");
        assertEnabled("/linux/mountExtensions/idmap/enabled");
        assertEnabled("/linux/cgroup/rdma");
    }

    /** By what it says where it accepts nothing else than these. */
    @Test
    void listsTheNamesThatTheReaderAccepts() throws IOException {
        assertEquals(accepted("/linux/namespaces/0/type"), strings("/linux/namespaces"));
        assertEquals(accepted("/linux/seccomp/defaultAction"), strings("/linux/seccomp/actions"));
        assertEquals(accepted("/linux/seccomp/syscalls/0/args/0/op"), strings("/linux/seccomp/operators"));
        assertEquals(accepted("/linux/seccomp/architectures/0"), strings("/linux/seccomp/archs"));
        assertEquals(accepted("/linux/seccomp/flags/0"), strings("/linux/seccomp/knownFlags"));
        assertEquals(accepted("/linux/memoryPolicy/mode"), strings("/linux/memoryPolicy/modes"));
        assertEquals(accepted("/linux/memoryPolicy/flags/0"), strings("/linux/memoryPolicy/flags"));
    }

    private static Set<String> accepted(String pointer) throws IOException {
        String unknown = """
                {"linux": {"namespaces": [{"type": "x"}],
                           "memoryPolicy": {"mode": "x", "flags": ["x"]},
                           "seccomp": {"defaultAction": "x", "architectures": ["x"], "flags": ["x"],
                                       "syscalls": [{"names": ["read"], "action": "SCMP_ACT_LOG",
                                                     "args": [{"index": 0, "value": 0, "op": "x"}]}]}}}
                """;
        return ConfigReader.read(unknown.getBytes(StandardCharsets.UTF_8)).problems().stream()
                .filter(problem -> problem.pointer().equals(pointer))
                .flatMap(problem ->
                        Stream.of(problem.message().replace("allowed: ", "").split(", ")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void listsTheFlagsOfSeccompThatTheKernelHas() throws Exception {
        assertEquals(strings("/linux/seccomp/knownFlags"), strings("/linux/seccomp/supportedFlags"));

        features = JSON.readTree(text(RecordedSession.systemCallsThatFailWith(Errno.EINVAL)));
        Set<String> older = strings("/linux/seccomp/knownFlags");
        older.remove("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");
        assertEquals(older, strings("/linux/seccomp/supportedFlags"));
    }

    @Test
    void listsTheAnnotationsThatChangeAContainer() {
        assertEquals(
                Set.of(
                        "org.systemd.property.",
                        "run.oci.delegate-cgroup",
                        "run.oci.hooks.stderr",
                        "run.oci.hooks.stdout",
                        "run.oci.keep_original_groups",
                        "run.oci.mount_context_type",
                        "run.oci.seccomp.receiver",
                        "run.oci.seccomp_fail_unknown_syscall"),
                strings("/potentiallyUnsafeConfigAnnotations"));
    }

    private void assertEnabled(String feature) {
        assertTrue(features.at(feature).asBoolean(), feature);
    }

    private Set<String> strings(String pointer) {
        Set<String> strings = new TreeSet<>();
        features.at(pointer).forEach(element -> strings.add(element.asText()));
        return strings;
    }
}
