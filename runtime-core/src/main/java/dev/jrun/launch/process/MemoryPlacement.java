// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Mempolicy;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Operand;
import dev.jrun.program.Struct;
import dev.jrun.spec.Linux.MemoryPolicy;
import dev.jrun.spec.NumberList;
import java.util.List;

/**
 * {@code linux.memoryPolicy}, set_mempolicy(2). Init is in its cgroups already, so that a cpuset's nodes are those
 * allowed.
 */
public final class MemoryPlacement {

    private static final Operand NONE = value(0);

    private MemoryPlacement() {}

    public static void assemble(Assembler asm, MemoryPolicy policy) {
        asm.source("/linux/memoryPolicy", "set the memory policy " + describe(policy));
        Operand mode = value(mode(policy.mode()) | flags(policy.flags()));
        if (policy.nodes().isEmpty()) {
            asm.call(Syscall.SET_MEMPOLICY, mode, NONE, NONE);
            return;
        }
        long[] words = NumberList.of(policy.nodes().get()).words();
        // The kernel takes one bit less than it is told to.
        long bits = (long) words.length * Long.SIZE + 1;
        asm.call(Syscall.SET_MEMPOLICY, mode, asm.bytes(Struct.ofLongs(words)), value(bits));
    }

    private static String describe(MemoryPolicy policy) {
        StringBuilder text = new StringBuilder(policy.mode().name());
        policy.flags().forEach(flag -> text.append('|').append(flag));
        policy.nodes().ifPresent(nodes -> text.append(" of the nodes ").append(nodes));
        return text.toString();
    }

    private static long mode(MemoryPolicy.Mode mode) {
        return switch (mode) {
            case MPOL_DEFAULT -> Mempolicy.MPOL_DEFAULT;
            case MPOL_BIND -> Mempolicy.MPOL_BIND;
            case MPOL_INTERLEAVE -> Mempolicy.MPOL_INTERLEAVE;
            case MPOL_WEIGHTED_INTERLEAVE -> Mempolicy.MPOL_WEIGHTED_INTERLEAVE;
            case MPOL_PREFERRED -> Mempolicy.MPOL_PREFERRED;
            case MPOL_PREFERRED_MANY -> Mempolicy.MPOL_PREFERRED_MANY;
            case MPOL_LOCAL -> Mempolicy.MPOL_LOCAL;
        };
    }

    private static long flags(List<MemoryPolicy.Flag> flags) {
        long mask = 0;
        for (MemoryPolicy.Flag flag : flags) {
            mask |= switch (flag) {
                case MPOL_F_NUMA_BALANCING -> Mempolicy.MPOL_F_NUMA_BALANCING;
                case MPOL_F_RELATIVE_NODES -> Mempolicy.MPOL_F_RELATIVE_NODES;
                case MPOL_F_STATIC_NODES -> Mempolicy.MPOL_F_STATIC_NODES;
            };
        }
        return mask;
    }
}
