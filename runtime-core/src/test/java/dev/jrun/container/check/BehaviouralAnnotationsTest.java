// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.driver.CgroupDriver;
import dev.jrun.spec.Annotation;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Problem;
import dev.jrun.spec.reading.Reading;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BehaviouralAnnotationsTest {

    /**
     * What is wrong with a configuration that has this annotation, runs this program, and has an unknown call in its
     * filter.
     */
    private static List<String> pointers(String annotation, String value, String program) {
        return pointers(reading(annotation, value, program, List.of()).problems());
    }

    private static List<String> pointers(List<Problem> problems) {
        return problems.stream().map(Problem::pointer).toList();
    }

    private static Reading<CheckedConfig> reading(
            String annotation, String value, String program, List<Annotation> allowed) {
        String document = """
                {"ociVersion": "1.3.0", "root": {"path": "rootfs"}, "annotations": {"%s": "%s"},
                 "process": {"user": {"uid": 0, "gid": 0}, "args": ["%s"], "cwd": "/"},
                 "linux": {"namespaces": [{"type": "mount"}],
                           "seccomp": {"defaultAction": "SCMP_ACT_ALLOW",
                                       "syscalls": [{"names": ["no_such_call"], "action": "SCMP_ACT_LOG"}]}}}
                """.formatted(annotation, value, program);
        return ConfigCheck.examine(
                document.getBytes(StandardCharsets.UTF_8),
                new HostSupport(Path.of("/none")),
                allowed,
                CgroupDriver.Kind.CGROUPFS);
    }

    /** Podman passes on the annotations of an image. */
    @ParameterizedTest
    @CsvSource({
        "HOOKS_STDOUT, /dev/null",
        "HOOKS_STDERR, /dev/null",
        "KEEP_ORIGINAL_GROUPS, 1",
        "MOUNT_CONTEXT_TYPE, rootcontext",
        "SECCOMP_RECEIVER, /agent"
    })
    void whatLendsRightsOrTouchesTheHostTakesTheCallersWord(Annotation annotation, String value) {
        String pointer = "/annotations/" + annotation.key();
        Reading<CheckedConfig> without = reading(annotation.key(), value, "true", List.of());
        Reading<CheckedConfig> with = reading(annotation.key(), value, "true", List.of(annotation));

        Problem warning = without.warnings().stream()
                .filter(problem -> problem.pointer().equals(pointer))
                .findFirst()
                .orElseThrow();
        assertTrue(warning.message().contains("jrun --allow-annotation " + annotation.key()), warning::message);
        assertEquals(Optional.empty(), annotations(without).value(annotation));
        assertFalse(pointers(with.warnings()).contains(pointer));
        assertEquals(Optional.of(value), annotations(with).value(annotation));
    }

    private static Annotations annotations(Reading<CheckedConfig> reading) {
        return reading.value().orElseThrow().config().annotations();
    }

    /** What has no effect can be anything. */
    @Test
    void aKindOfContextIsAProblemOnlyIfItCounts() {
        String key = Annotation.MOUNT_CONTEXT_TYPE.key();
        assertEquals(List.of(), pointers(key, "no such", "true"));
        assertEquals(
                List.of("/annotations/" + key),
                pointers(reading(key, "no such", "true", List.of(Annotation.MOUNT_CONTEXT_TYPE))
                        .problems()));
    }

    /** As with crun. */
    @Test
    void unknownCallsAreProblemsWithAnyValueButZero() {
        String annotation = "run.oci.seccomp_fail_unknown_syscall";
        List<String> problem = List.of("/linux/seccomp/syscalls/0/names/0");
        assertEquals(problem, pointers(annotation, "1", "true"));
        assertEquals(problem, pointers(annotation, "", "true"));
        assertEquals(problem, pointers(annotation, "false", "true"));
        assertEquals(List.of(), pointers(annotation, "0", "true"));
    }

    /** crun takes slashes before and behind it, and no "..". An empty one asks for nothing. */
    @Test
    void aCgroupThatIsDelegatedIsBelowTheContainers() {
        String annotation = "run.oci.delegate-cgroup";
        List<String> problem = List.of("/annotations/" + annotation);
        for (String path : List.of("", "init", "/init", "a/b/", "..a", "a/a/a/a/a/a/a/a")) {
            assertEquals(List.of(), pointers(annotation, path, "true"), path);
        }
        for (String path : List.of("..", "../x", "a/../b", "/", ".", "a\\nb", "a/a/a/a/a/a/a/a/a")) {
            assertEquals(problem, pointers(annotation, path, "true"), path);
        }
    }

    /** crun(1) has a handler for them, if it is built so. */
    @Test
    void webAssemblyIsRefused() {
        String annotation = "module.wasm.image/variant";
        List<String> problem = List.of("/annotations/module.wasm.image~1variant");
        assertEquals(problem, pointers(annotation, "compat", "true"));
        assertEquals(problem, pointers(annotation, "compat-smart", "/hello.wasm"));
        assertEquals(problem, pointers(annotation, "compat-smart", "/hello.WAT"));
        assertEquals(List.of(), pointers(annotation, "compat-smart", "/bin/sidecar"));
        assertEquals(List.of(), pointers(annotation, "other", "/hello.wasm"));
    }
}
