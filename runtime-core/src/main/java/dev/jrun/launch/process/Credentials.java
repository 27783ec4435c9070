// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Capability;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Prctl;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.CallerRights;
import dev.jrun.launch.part.Concealment;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Struct;
import dev.jrun.spec.Annotation;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Capabilities;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.Process;
import dev.jrun.spec.User;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/** {@code process.user} and {@code process.capabilities}: who the container's process is and what it may do. */
public final class Credentials {

    private static final String CAPABILITIES = "/process/capabilities";

    private Credentials() {}

    /**
     * Becomes the user of {@code process}, with its capabilities.
     *
     * @param linux which may have a user namespace
     * @param groups what becomes of the supplementary groups
     * @param held capabilities, 1 &lt;&lt; number each, that this process may still {@linkplain #use use} afterwards
     */
    public static void assemble(Assembler asm, Process process, Linux linux, Groups groups, long held) {
        asm.source(CAPABILITIES, "keep capabilities while the user changes");
        asm.call(Syscall.PRCTL, value(Prctl.PR_SET_KEEPCAPS), value(1), value(0), value(0), value(0));
        Capabilities capabilities = process.capabilities().orElse(NONE);
        dropFromBoundingSet(asm, mask(capabilities.bounding()));
        changeUser(asm, process.user(), linux, groups);
        // While it still has capabilities that the container's other processes have not.
        Concealment.ofInit(asm);
        asm.source(CAPABILITIES, "keep no capabilities after this");
        asm.call(Syscall.PRCTL, value(Prctl.PR_SET_KEEPCAPS), value(0), value(0), value(0), value(0));
        setCapabilities(asm, capabilities, 0, held);
        raiseAmbient(asm, ambient(capabilities));
        if (process.noNewPrivileges()) {
            asm.source("/process/noNewPrivileges", "forbid new privileges");
            asm.call(Syscall.PRCTL, value(Prctl.PR_SET_NO_NEW_PRIVS), value(1), value(0), value(0), value(0));
        }
    }

    /** Whether its capabilities let it execute files that their permissions say it may not, capabilities(7). */
    static boolean mayOverridePermissions(Process process) {
        return (mask(process.capabilities().orElse(NONE).effective()) & bit(Capability.CAP_DAC_OVERRIDE)) != 0;
    }

    /** Takes {@code held} capabilities into use. */
    static void use(Assembler asm, Process process, long held) {
        setCapabilities(asm, process.capabilities().orElse(NONE), held, held);
    }

    /** Keeps no capability but those that are configured. */
    static void release(Assembler asm, Process process) {
        setCapabilities(asm, process.capabilities().orElse(NONE), 0, 0);
    }

    private static final Capabilities NONE = new Capabilities(
            Optional.of(List.of()), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Up to the last that this kernel has, which may be one that no release of jrun knew. */
    private static void dropFromBoundingSet(Assembler asm, long kept) {
        try (var _ = asm.scope()) {
            Register capability = asm.register("capability");
            Register bit = asm.register("bit");
            Label next = asm.label("next capability");
            Label none = asm.label("no more capabilities");
            asm.source(CAPABILITIES + "/bounding", "drop for good all but " + names(kept));
            asm.move(capability, value(0));
            asm.place(next);
            asm.compute(bit, value(1), Operation.SHIFT_LEFT, capability);
            try (var _ = asm.when(bit, Condition.NO_BIT, value(kept), "keep it")) {
                asm.call(Syscall.PRCTL, value(Prctl.PR_CAPBSET_DROP), capability, value(0), value(0), value(0))
                        .on(none, Errno.EINVAL);
            }
            asm.compute(capability, capability, Operation.ADD, value(1));
            asm.go(next);
            asm.place(none);
        }
    }

    private static String names(long mask) {
        var names = new StringJoiner(", ").setEmptyValue("none");
        for (Capability capability : Capability.values()) {
            if ((mask & bit(capability)) != 0) {
                names.add(capability.name());
            }
        }
        return names.toString();
    }

    /** What becomes of the supplementary groups that a process has from its creator. */
    public enum Groups {
        /** {@code process.user.additionalGids} replaces them. */
        CONFIGURED,
        /** They stay: crun's annotation {@code run.oci.keep_original_groups}. */
        ORIGINAL;

        /** What a container's configuration, and the rights of who makes the process, let become of them. */
        public static Groups of(Annotations annotations, Process process, Linux linux, CallerRights rights) {
            return annotations.isOn(Annotation.KEEP_ORIGINAL_GROUPS) || areBeyondReach(process, linux, rights)
                    ? ORIGINAL
                    : CONFIGURED;
        }

        /**
         * Whether there are none to be given, and nobody in the caller's user namespace can drop those that it has:
         * {@code unshare -r}.
         */
        private static boolean areBeyondReach(Process process, Linux linux, CallerRights rights) {
            return !rights.setsGroups()
                    && process.user().additionalGids().isEmpty()
                    && linux.namespace(Namespace.Type.USER).isEmpty();
        }
    }

    private static void changeUser(Assembler asm, User user, Linux linux, Groups groups) {
        if (groups == Groups.CONFIGURED) {
            setGroups(asm, user.additionalGids(), linux);
        }
        asm.source("/process/user/gid", "become group " + user.gid());
        asm.call(Syscall.SETRESGID, value(user.gid()), value(user.gid()), value(user.gid()));
        asm.source("/process/user/uid", "become user " + user.uid());
        asm.call(Syscall.SETRESUID, value(user.uid()), value(user.uid()), value(user.uid()));
    }

    private static void setGroups(Assembler asm, List<Long> groups, Linux linux) {
        if (groups.isEmpty() && linux.namespace(Namespace.Type.USER).isPresent()) {
            // They are dropped already, if they may be: UserNamespace.
            return;
        }
        asm.source("/process/user/additionalGids", "set supplementary groups " + groups);
        int[] ids = new int[groups.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = groups.get(i).intValue();
        }
        Address table = asm.bytes(Struct.ofInts(ids));
        asm.call(Syscall.SETGROUPS, value(groups.size()), table);
    }

    /** The inheritable set is exactly what is configured, and empty if nothing is (CVE-2022-29162). capset(2). */
    private static void setCapabilities(Assembler asm, Capabilities capabilities, long inUse, long held) {
        long effective = mask(capabilities.effective()) | inUse;
        long permitted = mask(capabilities.permitted()) | held;
        long inheritable = mask(capabilities.inheritable());
        asm.source(CAPABILITIES, "set the effective, permitted and inheritable capabilities");
        Address header = asm.bytes(Struct.ofInts(Capability.LINUX_CAPABILITY_VERSION_3, 0));
        Address data = asm.bytes(Struct.ofInts(
                (int) effective,
                (int) permitted,
                (int) inheritable,
                (int) (effective >>> 32),
                (int) (permitted >>> 32),
                (int) (inheritable >>> 32)));
        asm.call(Syscall.CAPSET, header, data);
    }

    /**
     * Those that can be ambient, capabilities(7). This is not for the kernel to judge here: what is {@code held} is
     * permitted too while they are raised, but was not granted, and an ambient capability outlives execve(2).
     */
    private static long ambient(Capabilities capabilities) {
        return mask(capabilities.ambient()) & mask(capabilities.permitted()) & mask(capabilities.inheritable());
    }

    private static void raiseAmbient(Assembler asm, long ambient) {
        asm.source(CAPABILITIES + "/ambient", "clear the ambient capabilities");
        asm.call(
                Syscall.PRCTL,
                value(Prctl.PR_CAP_AMBIENT),
                value(Prctl.PR_CAP_AMBIENT_CLEAR_ALL),
                value(0),
                value(0),
                value(0));
        for (Capability capability : Capability.values()) {
            if ((ambient & bit(capability)) != 0) {
                asm.source(CAPABILITIES + "/ambient", "raise ambient " + capability);
                // EPERM: securebits forbid it; EINVAL: the kernel does not know it. runc goes on without it, and so do
                // we.
                asm.call(
                                Syscall.PRCTL,
                                value(Prctl.PR_CAP_AMBIENT),
                                value(Prctl.PR_CAP_AMBIENT_RAISE),
                                value(capability.ordinal()),
                                value(0),
                                value(0))
                        .ignore(Errno.EPERM, Errno.EINVAL);
            }
        }
    }

    private static long bit(Capability capability) {
        return 1L << capability.ordinal();
    }

    /** Names that this release does not know are left out, as runc does. */
    private static long mask(Optional<List<String>> names) {
        long mask = 0;
        for (String name : names.orElse(List.of())) {
            mask |= Capability.named(name).map(Credentials::bit).orElse(0L);
        }
        return mask;
    }
}
