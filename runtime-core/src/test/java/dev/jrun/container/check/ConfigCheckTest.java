// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.driver.CgroupDriver;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.InvalidConfigException;
import dev.jrun.container.lifecycle.UnsupportedException;
import dev.jrun.launch.BundleProgram;
import dev.jrun.spec.Problem;
import dev.jrun.spec.reading.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCheckTest {
    /** Has nothing that a host need not have. */
    @TempDir
    private static Path bare;

    @BeforeAll
    static void makeProcess() throws IOException {
        Path self = Files.createDirectories(bare.resolve("proc/self"));
        Files.writeString(self.resolve("status"), "CapPrm:\t000001ffffffffff\n");
    }

    private static byte[] fixture(String path) throws IOException {
        try (var stream = ConfigCheckTest.class.getResourceAsStream("/fixtures/" + path)) {
            return stream.readAllBytes();
        }
    }

    /** A host that has no security module, and whose callers have every capability. */
    private static ConfigCheck.Checked check(byte[] document) throws ContainerException {
        return ConfigCheck.check(document, new HostSupport(bare), List.of(), CgroupDriver.Kind.CGROUPFS);
    }

    private static Reading<CheckedConfig> examine(String document) {
        return ConfigCheck.examine(
                document.getBytes(StandardCharsets.UTF_8),
                new HostSupport(bare),
                List.of(),
                CgroupDriver.Kind.CGROUPFS);
    }

    private static String refusal(byte[] document) {
        return assertThrows(InvalidConfigException.class, () -> check(document)).getMessage();
    }

    @Test
    void theDefaultConfigurationCanBeRun() throws Exception {
        assertEquals(
                "runc",
                check(fixture("valid/default-without-terminal.json"))
                        .config()
                        .config()
                        .hostname()
                        .orElseThrow());
    }

    @Test
    void whatThisHostLacksIsRefusedInALineEach() throws Exception {
        byte[] document = fixture("valid/everything.json");
        String refusal =
                assertThrows(UnsupportedException.class, () -> check(document)).getMessage();
        for (String line : refusal.lines().toList()) {
            assertTrue(line.startsWith("config.json#/"), line);
            assertTrue(line.contains(" on this host"), line);
        }
    }

    @Test
    void allProblemsAreSaidAtOnce() {
        String refusal = refusal("{\"ociVersion\": \"1.3.0\", \"hostname\": 7}".getBytes(StandardCharsets.UTF_8));
        assertTrue(refusal.contains("config.json#/hostname: "), refusal);
        assertTrue(refusal.contains("config.json#/root: found nothing; required: an object"), refusal);
        assertTrue(refusal.contains("config.json#/process: found nothing; required: an object"), refusal);
    }

    /**
     * What the document says wrongly, what this version or this host does not have, and what a warning is enough for.
     */
    @Test
    void allKindsOfProblemsAreSaidAtOnce() {
        String document = """
                {"ociVersion": "1.3.0", "root": {"path": 5}, "annotations": {"run.oci.handler": "wasm"},
                 "process": {"args": ["true"], "cwd": "tmp", "terminal": true, "selinuxLabel": "u:r:t:s0",
                             "capabilities": {"bounding": ["CAP_FLY"]}},
                 "linux": {"namespaces": [{"type": "mount"}], "resources": {"cpu": {"shares": -1}},
                           "seccomp": {"defaultAction": "SCMP_ACT_ALLOW",
                                       "syscalls": [{"names": ["write"], "action": "SCMP_ACT_NOTIFY"}]}}}
                """;
        String refusal = refusal(document.getBytes(StandardCharsets.UTF_8));
        List<String> pointers = refusal.lines()
                .map(line -> line.substring(0, line.indexOf(": ")).replace("config.json#", ""))
                .toList();
        assertEquals(
                List.of(
                        "/process/cwd",
                        "/root/path",
                        "/linux/resources/cpu/shares",
                        "/annotations/run.oci.handler",
                        "/linux/seccomp/listenerPath",
                        "/linux/seccomp/syscalls/0/names/0",
                        "/process/selinuxLabel"),
                pointers,
                refusal);
        assertEquals(
                List.of("/process/capabilities/bounding/0"),
                examine(document).warnings().stream().map(Problem::pointer).toList());
    }

    /** Of root's, too. */
    @Test
    void ambientCapabilitiesThatCannotBeRaisedAreAWarning() {
        String document = """
                {"ociVersion": "1.3.0", "root": {"path": "rootfs"},
                 "process": {"user": {"uid": %d, "gid": 0}, "args": ["true"], "cwd": "/",
                             "capabilities": {"permitted": ["CAP_KILL", "CAP_CHOWN"], "inheritable": ["CAP_CHOWN", "CAP_FOWNER"],
                                              "ambient": ["CAP_KILL", "CAP_CHOWN", "CAP_FOWNER"]}},
                 "linux": {"namespaces": [{"type": "mount"}]}}
                """;
        for (int uid : List.of(0, 1000)) {
            assertEquals(
                    List.of("config.json#/process/capabilities/ambient: found \"CAP_KILL\", \"CAP_FOWNER\";"
                            + " left out, since only what is both permitted and inheritable can be ambient"),
                    examine(document.formatted(uid)).warnings().stream()
                            .map(warning -> warning.in("config.json"))
                            .toList());
        }
    }

    /** As Buildah asks for its default set in each step of a build. */
    @Test
    void aLotOfAmbientCapabilitiesIsAShortWarning() {
        String document = """
                {"ociVersion": "1.3.0", "root": {"path": "rootfs"},
                 "process": {"user": {"uid": 0, "gid": 0}, "args": ["true"], "cwd": "/",
                             "capabilities": {"ambient": ["CAP_CHOWN", "CAP_FOWNER", "CAP_KILL", "CAP_SETGID", "CAP_SETUID"]}},
                 "linux": {"namespaces": [{"type": "mount"}]}}
                """;
        assertEquals(
                List.of("config.json#/process/capabilities/ambient: found 5 capabilities;"
                        + " left out, since only what is both permitted and inheritable can be ambient"),
                examine(document).warnings().stream()
                        .map(warning -> warning.in("config.json"))
                        .toList());
    }

    /** Where something is left out, what follows would be named by the index of something else. */
    @Test
    void nothingIsSaidOfWhatIsLeftOutOrMadeUp() {
        String document = """
                {"ociVersion": "1.3.0", "root": {"path": "rootfs"},
                 "process": {"args": ["true"], "cwd": "/", "terminal": 1, "capabilities": {"bounding": [7, "CAP_FLY"]}},
                 "linux": {"namespaces": [{"type": "mount"}],
                           "seccomp": {"defaultAction": "SCMP_ACT_ALLOW",
                                       "syscalls": [{"names": [7], "action": "SCMP_ACT_ERRNO"},
                                                    {"names": ["write"], "action": "SCMP_ACT_NOTIFY"}]}}}
                """;
        var reading = examine(document);
        assertEquals(
                List.of("/process/terminal", "/process/capabilities/bounding/0", "/linux/seccomp/syscalls/0/names/0"),
                reading.problems().stream().map(Problem::pointer).toList());
        assertEquals(List.of(), reading.warnings());
    }

    @Test
    void whatThisHostLacksIsAmongTheProblems() {
        String document = """
                {"ociVersion": "1.3.0", "root": {"path": "rootfs"},
                 "process": {"args": ["true"], "cwd": "/", "apparmorProfile": "strict", "selinuxLabel": "a:b:c"},
                 "linux": {"namespaces": [{"type": "mount"}], "mountLabel": "a:b:c", "cgroupsPath": "a:b:c"}}
                """;
        assertEquals(
                List.of("/linux/cgroupsPath", "/process/apparmorProfile", "/process/selinuxLabel", "/linux/mountLabel"),
                examine(document).problems().stream().map(Problem::pointer).toList());
    }

    @Test
    void aContainerWithoutAMountNamespaceIsRefused() {
        String document = """
                {"ociVersion": "1.3.0", "root": {"path": "rootfs"},
                 "process": {"user": {"uid": 0, "gid": 0}, "args": ["true"], "cwd": "/"},
                 "linux": {"namespaces": [{"type": "pid"}]}}
                """;
        assertEquals(
                "config.json#/linux/namespaces: a container needs a mount namespace of its own:"
                        + " add {\"type\": \"mount\"}",
                refusal(document.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aConfigurationThatWasCutOffIsRefused() {
        assertEquals(
                "config.json: longer than the 16 MiB that are allowed",
                refusal(new byte[BundleProgram.MAX_CONFIG + 1]));
    }

    @Test
    void malformedJsonIsRefused() {
        assertTrue(refusal("{\"ociVersion\": ".getBytes(StandardCharsets.UTF_8)).startsWith("config.json"));
    }

    @Test
    void anUnknownCapabilityIsWarnedOf() throws Exception {
        String document = new String(fixture("valid/default-without-terminal.json"), StandardCharsets.UTF_8)
                .replaceFirst("CAP_AUDIT_WRITE", "CAP_TO_FLY");
        assertEquals(
                List.of("config.json#/process/capabilities/bounding/0: found \"CAP_TO_FLY\";"
                        + " jrun knows no such capability and leaves it out"),
                check(document.getBytes(StandardCharsets.UTF_8)).warnings());
    }
}
