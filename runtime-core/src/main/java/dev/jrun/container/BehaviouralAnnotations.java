// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.seccomp.UnknownCalls;
import dev.jrun.spec.Config;
import dev.jrun.spec.Problem;
import dev.jrun.spec.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Annotations of other runtimes that change what a container is or does. docs/configuration.md lists them all. */
final class BehaviouralAnnotations {

    private static final String FAIL_UNKNOWN_CALL = "run.oci.seccomp_fail_unknown_syscall";

    private static final String MOUNT_CONTEXT = "run.oci.mount_context_type";

    /** Kinds of SELinux contexts of file systems, mount(8). */
    private static final List<String> CONTEXTS = List.of("context", "fscontext", "defcontext", "rootcontext");

    /** crun's, which would make another container than this runtime does without them. */
    private static final Set<String> REFUSED = Set.of(
            "run.oci.handler",
            "run.oci.seccomp_bpf_data",
            "run.oci.seccomp.plugins",
            "run.oci.pidfd_receiver",
            "run.oci.timens_offset",
            "run.oci.systemd.force_cgroup_v1",
            "run.oci.delegate-cgroup");

    private BehaviouralAnnotations() {}

    /**
     * What annotations ask for that cannot be done, or forbid that is there.
     *
     * @param seccompIsSound whether all of the seccomp profile is known
     */
    static List<Problem> problems(Config config, boolean seccompIsSound) {
        List<Problem> problems = new ArrayList<>();
        for (String name : config.annotations().keySet()) {
            if (REFUSED.contains(name)) {
                problems.add(new Problem(
                        "/annotations/" + name, "", "not implemented by this version of jrun", Optional.empty()));
            }
        }
        String context = config.annotations().getOrDefault(MOUNT_CONTEXT, CONTEXTS.getFirst());
        if (!CONTEXTS.contains(context)) {
            problems.add(new Problem(
                    "/annotations/" + MOUNT_CONTEXT,
                    '"' + context + '"',
                    "allowed: " + String.join(", ", CONTEXTS),
                    Spelling.nearest(context, CONTEXTS)));
        }
        if (seccompIsSound
                && config.annotations().containsKey(FAIL_UNKNOWN_CALL)
                && config.linux().seccomp().isPresent()) {
            problems.addAll(UnknownCalls.in(config.linux().seccomp().get()));
        }
        return problems;
    }
}
