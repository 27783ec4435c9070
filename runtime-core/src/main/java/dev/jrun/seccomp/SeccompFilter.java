// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.SeccompFlags;
import dev.jrun.spec.Seccomp;
import dev.jrun.spec.reading.Reading;

/**
 * What seccomp(2) with SECCOMP_SET_MODE_FILTER takes.
 *
 * @param instructions an array of {@code struct sock_filter}, 8 bytes each, in the byte order of the machine; at most
 *     {@value #MAX_INSTRUCTIONS} of them
 * @param flags SECCOMP_FILTER_FLAG_*
 */
public record SeccompFilter(byte[] instructions, int flags) {
    /** BPF_MAXINSNS of {@code linux/bpf_common.h}. */
    public static final int MAX_INSTRUCTIONS = 4096;

    /**
     * Compiles a profile.
     *
     * @param machine what jrun runs on: its own architecture is filtered by the profile even if the profile does not
     *     name it
     * @return the filter; warnings of what in the profile has no effect; problems if there can be no such filter, with
     *     pointers into config.json
     */
    public static Reading<SeccompFilter> compile(Seccomp profile, Machine machine) {
        return new FilterCompiler(profile, Abi.of(machine)).compile();
    }

    /** The number of instructions. */
    public int length() {
        return instructions.length / FilterAssembler.INSTRUCTION_SIZE;
    }

    /** Whether the kernel returns a descriptor for notifications when the filter is loaded. */
    public boolean hasListener() {
        return (flags & SeccompFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER) != 0;
    }
}
