// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.NewerCall;
import dev.jrun.launch.part.CgroupIdentity;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.program.Assembler;
import dev.jrun.program.Register;

/** How the container's first process is born. */
public sealed interface InitBirth permits NewInitBirth, ClassicInitBirth {

    /** The best way there is. */
    static InitBirth of(
            Assembler asm, CgroupEntry entry, CgroupIdentity identity, Machine machine, KernelCalls kernel) {
        boolean intoCgroup = entry.unified().isEmpty() || kernel.has(NewerCall.CLONE_INTO_CGROUP);
        return intoCgroup && kernel.has(NewerCall.CLONE3)
                ? new NewInitBirth(asm, entry.unified(), identity, machine)
                : new ClassicInitBirth(asm);
    }

    /** {@code pid =} the new process, and 0 in that process, which is in these new namespaces. */
    void fork(Register pid, long namespaces);

    /** Whether it is born in its cgroup v2, and does not have to join it. */
    boolean isIntoUnifiedCgroup();
}
