// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.Optional;

/**
 * The annotations that change what this runtime does, as they do with crun, crun(1). All others are ignored or refused.
 */
public enum Annotation {
    /**
     * A path below the container's cgroup.
     *
     * @see dev.jrun.cgroup.Delegation
     */
    DELEGATE_CGROUP("run.oci.delegate-cgroup", Consent.NOBODYS),
    /** @see dev.jrun.launch.hook.HookOutput */
    HOOKS_STDOUT("run.oci.hooks.stdout", Consent.OF_CALLER),
    /** @see dev.jrun.launch.hook.HookOutput */
    HOOKS_STDERR("run.oci.hooks.stderr", Consent.OF_CALLER),
    /** @see dev.jrun.launch.process.Credentials */
    KEEP_ORIGINAL_GROUPS("run.oci.keep_original_groups", Consent.OF_CALLER),
    /** @see dev.jrun.launch.LaunchRequest */
    MOUNT_CONTEXT_TYPE("run.oci.mount_context_type", Consent.OF_CALLER),
    /** @see dev.jrun.seccomp.UnknownCalls */
    SECCOMP_FAIL_UNKNOWN_SYSCALL("run.oci.seccomp_fail_unknown_syscall", Consent.NOBODYS),
    /** @see dev.jrun.launch.SeccompListener */
    SECCOMP_RECEIVER("run.oci.seccomp.receiver", Consent.OF_CALLER),
    /**
     * Stands for all that begin so, as it does in what features(1) of the specification prints: properties of the
     * container's unit.
     *
     * @see dev.jrun.cgroup.systemd.AnnotationProperties
     */
    SYSTEMD_PROPERTY("org.systemd.property.", Consent.OF_CALLER);

    /** Whose it takes to do what the annotation says. */
    private enum Consent {
        /** It lends the container rights, or touches the host. */
        OF_CALLER,
        /** It only has a container refused, or gives it nothing that it has not anyhow. */
        NOBODYS
    }

    private final String key;
    private final Consent consent;

    Annotation(String key, Consent consent) {
        this.key = key;
        this.consent = consent;
    }

    /** The name in {@code annotations}. */
    public String key() {
        return key;
    }

    /** The one with this name, if it takes a caller's word to have an effect. */
    public static Optional<Annotation> allowable(String key) {
        for (Annotation annotation : values()) {
            if (annotation.key.equals(key) && annotation.takesAllowance()) {
                return Optional.of(annotation);
            }
        }
        return Optional.empty();
    }

    /** Whether it has an effect only where the caller allows it. */
    public boolean takesAllowance() {
        return consent == Consent.OF_CALLER;
    }
}
