// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import dev.jrun.kernel.Machine;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.program.Assembler;
import dev.jrun.spec.Mount;
import java.util.List;
import java.util.function.Supplier;

/**
 * The container's root, and what makes mounts and places in it: what the concerns of init share while it is assembled.
 */
public final class ContainerRoot extends RootDirectory {

    /** How mounts are made. */
    public final MountCalls mounts;

    /** How places for them are made. */
    final MissingPlaces missing;

    /** Those of config.json. */
    final NamedMounts named;

    /** The registers that subroutines work with, and the first one behind them. */
    private final Assembler.Scope subroutines;

    private final int afterSubroutines;

    /** @param mounts those of config.json */
    public ContainerRoot(Assembler asm, Machine machine, KernelCalls kernel, List<Mount> mounts) {
        super(asm, machine);
        this.mounts = MountCalls.of(this, kernel);
        this.subroutines = asm.scope();
        this.missing = new MissingPlaces(this);
        this.named = new NamedMounts(asm, mounts);
        this.afterSubroutines = asm.registersInUse();
    }

    /** Makes something with subroutines. None calls another, so that all work with the same registers. */
    <T> T subroutine(Supplier<T> making) {
        try (var _ = asm.scope()) {
            subroutines.close();
            T made = making.get();
            if (asm.registersInUse() > afterSubroutines) {
                throw new IllegalStateException("more registers than the largest subroutine has");
            }
            return made;
        }
    }
}
