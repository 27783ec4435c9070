// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.Map;
import java.util.Optional;

/** The annotations that change what this runtime does, all of them crun's (crun(1)). To all others it is deaf, or refuses them. */
public enum Annotation {
    HOOKS_STDOUT("run.oci.hooks.stdout"),
    HOOKS_STDERR("run.oci.hooks.stderr"),
    KEEP_ORIGINAL_GROUPS("run.oci.keep_original_groups"),
    MOUNT_CONTEXT_TYPE("run.oci.mount_context_type"),
    SECCOMP_FAIL_UNKNOWN_SYSCALL("run.oci.seccomp_fail_unknown_syscall"),
    SECCOMP_RECEIVER("run.oci.seccomp.receiver");

    private final String key;

    Annotation(String key) {
        this.key = key;
    }

    /** The name in {@code annotations}. */
    public String key() {
        return key;
    }

    /** The value among these. */
    public Optional<String> in(Map<String, String> annotations) {
        return Optional.ofNullable(annotations.get(key));
    }

    /** Whether it asks for something that is there or not: with any value but "0", as in crun; even the empty one. */
    public boolean isOn(Map<String, String> annotations) {
        String value = annotations.get(key);
        return value != null && !value.equals("0");
    }
}
