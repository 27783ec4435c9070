// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.CgroupIdentity;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Register;
import dev.jrun.spec.Annotation;

/**
 * The cgroup below the container's own for init ({@code run.oci.delegate-cgroup}, crun(1)). Init moves there once its
 * cgroup namespace has been made, whose root is the cgroup that it was in at that moment, cgroup_namespaces(7). The
 * shim moves it: init may have no right to by then, as root of a user namespace.
 */
public final class DelegatedCgroup {

    private final Assembler asm;
    private final CgroupEntry.Place place;
    private final CgroupIdentity identity;
    private final Machine machine;

    public DelegatedCgroup(Assembler asm, CgroupEntry.Place place, CgroupIdentity identity, Machine machine) {
        this.asm = asm;
        this.place = place;
        this.identity = identity;
        this.machine = machine;
    }

    /** In the shim, whose child has this {@code pid}. */
    public void move(Register pid) {
        try (var _ = asm.scope()) {
            Register own = asm.register("container's own");
            Register members = asm.register(place.members());
            Register digits = asm.register("digits");
            Address number = asm.space(Assembler.NUMBER_SIZE);
            asm.source(
                    "/annotations/" + Annotation.DELEGATE_CGROUP.key(), "move init to the cgroup " + place.directory());
            asm.call(
                            Syscall.OPENAT,
                            value(OpenFlags.AT_FDCWD),
                            asm.string(place.own().toString()),
                            value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.directory(machine)))
                    .into(own);
            identity.check(place.own(), own);
            asm.call(
                            Syscall.OPENAT,
                            own,
                            asm.string(place.below() + "/" + place.members()),
                            value(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC))
                    .into(members);
            asm.format(number, pid, digits);
            asm.call(Syscall.WRITE, members, number, digits);
            asm.call(Syscall.CLOSE, members);
            asm.call(Syscall.CLOSE, own);
        }
    }
}
