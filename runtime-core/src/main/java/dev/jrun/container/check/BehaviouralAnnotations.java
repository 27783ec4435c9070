// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.check;

import dev.jrun.cgroup.Delegation;
import dev.jrun.seccomp.UnknownCalls;
import dev.jrun.spec.Annotation;
import dev.jrun.spec.Config;
import dev.jrun.spec.Problem;
import dev.jrun.spec.Process;
import dev.jrun.spec.reading.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Annotations of other runtimes that change what a container is or does. docs/configuration.md lists them all. */
final class BehaviouralAnnotations {

    /** Kinds of SELinux contexts of file systems, mount(8). */
    private static final List<String> CONTEXTS = List.of("context", "fscontext", "defcontext", "rootcontext");

    /** crun's, which would make another container than this runtime does without them. */
    private static final Set<String> REFUSED = Set.of(
            "run.oci.handler",
            "run.oci.seccomp_bpf_data",
            "run.oci.seccomp.plugins",
            "run.oci.pidfd_receiver",
            "run.oci.timens_offset",
            "run.oci.systemd.force_cgroup_v1");

    private static final String WEB_ASSEMBLY = "module.wasm.image/variant";

    private BehaviouralAnnotations() {}

    /** What annotations ask for that cannot be done. */
    static List<Problem> problems(Config config) {
        List<Problem> problems = new ArrayList<>();
        for (String name : config.annotations().all().keySet()) {
            if (REFUSED.contains(name)) {
                problems.add(refused("/annotations/" + name));
            }
        }
        if (isWebAssembly(config)) {
            problems.add(refused("/annotations/" + WEB_ASSEMBLY.replace("/", "~1")));
        }
        problems.addAll(Delegation.problems(config.annotations()));
        String context =
                config.annotations().value(Annotation.MOUNT_CONTEXT_TYPE).orElse(CONTEXTS.getFirst());
        if (!CONTEXTS.contains(context)) {
            problems.add(new Problem(
                    "/annotations/" + Annotation.MOUNT_CONTEXT_TYPE.key(),
                    '"' + context + '"',
                    "allowed: " + String.join(", ", CONTEXTS),
                    Spelling.nearest(context, CONTEXTS)));
        }
        return problems;
    }

    /** What annotations forbid of a seccomp profile, all of which is known. */
    static List<Problem> seccompProblems(Config config) {
        return config.annotations().isOn(Annotation.SECCOMP_FAIL_UNKNOWN_SYSCALL)
                        && config.linux().seccomp().isPresent()
                ? UnknownCalls.in(config.linux().seccomp().get())
                : List.of();
    }

    /** What annotations ask for that the caller does not allow: without that they mean nothing. */
    static List<Problem> warnings(Config config) {
        List<Problem> warnings = new ArrayList<>();
        for (Annotation annotation : config.annotations().withoutEffect()) {
            warnings.add(new Problem(
                    "/annotations/" + annotation.key(),
                    "",
                    "ignored, since it may come from the image; to honour it, call jrun --allow-annotation "
                            + annotation.key(),
                    Optional.empty()));
        }
        return warnings;
    }

    private static Problem refused(String pointer) {
        return new Problem(pointer, "", "not implemented by this version of jrun", Optional.empty());
    }

    /** Whether crun would hand the container to an engine of WebAssembly, as with {@code run.oci.handler}. */
    private static boolean isWebAssembly(Config config) {
        String variant = config.annotations().all().get(WEB_ASSEMBLY);
        return "compat".equals(variant)
                || "compat-smart".equals(variant)
                        && config.process().isPresent()
                        && namesModule(config.process().get());
    }

    private static boolean namesModule(Process process) {
        if (process.args().isEmpty()) {
            return false;
        }
        String program = process.args().getFirst().toLowerCase(Locale.ROOT);
        return program.endsWith(".wasm") || program.endsWith(".wat");
    }
}
