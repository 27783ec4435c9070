// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A seccomp profile, seccomp(2) and libseccomp's seccomp_rule_add(3).
 *
 * @param defaultErrnoRet for a {@code defaultAction} with a number, uint32
 * @param architectures besides the native one
 * @param flags of the system call that loads the filter; absent and empty are told apart, since runtimes choose a
 *     default
 * @param listenerPath Unix socket that gets the notify descriptor
 * @param listenerMetadata passed on with it
 */
public record Seccomp(
        Action defaultAction,
        OptionalLong defaultErrnoRet,
        List<Arch> architectures,
        Optional<List<Flag>> flags,
        Optional<String> listenerPath,
        Optional<String> listenerMetadata,
        List<Rule> syscalls) {
    public Seccomp {
        architectures = List.copyOf(architectures);
        flags = flags.map(List::copyOf);
        syscalls = List.copyOf(syscalls);
    }

    /**
     * What to do on some system calls.
     *
     * @param names at least one
     * @param errnoRet for an action with a number, uint32
     * @param args conditions, all of which must hold
     */
    public record Rule(List<String> names, Action action, OptionalLong errnoRet, List<Arg> args) {
        public Rule {
            names = List.copyOf(names);
            args = List.copyOf(args);
        }
    }

    /**
     * A condition on one argument of a system call.
     *
     * @param index 0…5
     * @param value uint64, unsigned; for {@code SCMP_CMP_MASKED_EQ} the mask
     * @param valueTwo uint64, unsigned; for {@code SCMP_CMP_MASKED_EQ} what the masked argument is compared with
     */
    public record Arg(int index, long value, long valueTwo, Operator op) {}

    /** Actions of a filter. */
    public enum Action {
        /** Older name of {@link #SCMP_ACT_KILL_THREAD}. */
        SCMP_ACT_KILL,
        SCMP_ACT_KILL_PROCESS,
        SCMP_ACT_KILL_THREAD,
        SCMP_ACT_TRAP,
        SCMP_ACT_ERRNO,
        SCMP_ACT_TRACE,
        SCMP_ACT_ALLOW,
        SCMP_ACT_LOG,
        SCMP_ACT_NOTIFY
    }

    /** Architectures, as libseccomp names them. */
    public enum Arch {
        SCMP_ARCH_X86,
        SCMP_ARCH_X86_64,
        SCMP_ARCH_X32,
        SCMP_ARCH_ARM,
        SCMP_ARCH_AARCH64,
        SCMP_ARCH_LOONGARCH64,
        SCMP_ARCH_M68K,
        SCMP_ARCH_MIPS,
        SCMP_ARCH_MIPS64,
        SCMP_ARCH_MIPS64N32,
        SCMP_ARCH_MIPSEL,
        SCMP_ARCH_MIPSEL64,
        SCMP_ARCH_MIPSEL64N32,
        SCMP_ARCH_PPC,
        SCMP_ARCH_PPC64,
        SCMP_ARCH_PPC64LE,
        SCMP_ARCH_S390,
        SCMP_ARCH_S390X,
        SCMP_ARCH_SH,
        SCMP_ARCH_SHEB,
        SCMP_ARCH_PARISC,
        SCMP_ARCH_PARISC64,
        SCMP_ARCH_RISCV64
    }

    /** Flags of seccomp(2). */
    public enum Flag {
        SECCOMP_FILTER_FLAG_TSYNC,
        SECCOMP_FILTER_FLAG_LOG,
        SECCOMP_FILTER_FLAG_SPEC_ALLOW,
        SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
    }

    /** Comparisons of an argument. */
    public enum Operator {
        SCMP_CMP_NE,
        SCMP_CMP_LT,
        SCMP_CMP_LE,
        SCMP_CMP_EQ,
        SCMP_CMP_GE,
        SCMP_CMP_GT,
        SCMP_CMP_MASKED_EQ
    }
}
