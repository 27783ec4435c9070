// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.launch.rootfs.Filesystem.Parameter;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.spec.Mount;
import java.util.List;
import java.util.Optional;

/**
 * Mounts of type cgroup and cgroup2. That a cgroup namespace that is joined is its caller's own only the shim finds
 * out; the mounts are as without one then: new ones would show every cgroup that the caller sees.
 */
public final class CgroupMounts {

    private final Assembler asm;
    private final CgroupMount mount;
    private final CgroupMount inCallers;
    private final Optional<Address> callers;

    /**
     * @param mount how they are made in the namespace that the configuration asks for, if it does
     * @param inCallers how they are made in the caller's
     * @param callers where it says whether the namespace is the caller's, if that is open
     */
    public CgroupMounts(Assembler asm, CgroupMount mount, CgroupMount inCallers, Optional<Address> callers) {
        this.asm = asm;
        this.mount = mount;
        this.inCallers = inCallers;
        this.callers = callers;
    }

    void assemble(Mount wanted, List<Parameter> data) {
        if (callers.isEmpty()) {
            mount.assemble(wanted, data);
            return;
        }
        Label own = asm.label("the caller's cgroup namespace");
        Label done = asm.label("cgroups mounted");
        goIfCallers(callers.get(), own);
        mount.assemble(wanted, data);
        asm.go(done);
        asm.place(own);
        inCallers.assemble(wanted, data);
        asm.place(done);
    }

    private void goIfCallers(Address answer, Label own) {
        try (var _ = asm.scope()) {
            Register is = asm.register("is the caller's");
            asm.load(is, Width.LONG, answer);
            asm.branch(is, Condition.NOT_EQUAL, value(0), own);
        }
    }
}
