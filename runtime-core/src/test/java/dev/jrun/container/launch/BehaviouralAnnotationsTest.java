// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.spec.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BehaviouralAnnotationsTest {

    /** What is wrong with a configuration that has this annotation, runs this program, and has an unknown call in its filter. */
    private static List<String> pointers(String annotation, String value, String program) {
        String document = """
                {"ociVersion": "1.3.0", "root": {"path": "rootfs"}, "annotations": {"%s": "%s"},
                 "process": {"user": {"uid": 0, "gid": 0}, "args": ["%s"], "cwd": "/"},
                 "linux": {"namespaces": [{"type": "mount"}],
                           "seccomp": {"defaultAction": "SCMP_ACT_ALLOW",
                                       "syscalls": [{"names": ["no_such_call"], "action": "SCMP_ACT_LOG"}]}}}
                """.formatted(annotation, value, program);
        return ConfigCheck.examine(document.getBytes(StandardCharsets.UTF_8), new HostSupport(Path.of("/none")))
                .problems()
                .stream()
                .map(Problem::pointer)
                .toList();
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
