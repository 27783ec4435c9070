// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.kernel.CloneFlags;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.CgroupIdentity;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Struct;
import java.util.Optional;

/** Init is born in its namespaces and, on cgroup v2, in its cgroup. clone3(2). */
final class NewInitBirth implements InitBirth {

    private final Assembler asm;
    private final Optional<CgroupEntry.Place> cgroup;
    private final CgroupIdentity identity;
    private final Machine machine;

    NewInitBirth(Assembler asm, Optional<CgroupEntry.Place> cgroup, CgroupIdentity identity, Machine machine) {
        this.asm = asm;
        this.cgroup = cgroup;
        this.identity = identity;
        this.machine = machine;
    }

    @Override
    public void fork(Register pid, long namespaces) {
        try (var _ = asm.scope()) {
            Register directory = asm.register("cgroup");
            long[] fields = new long[CloneFlags.CLONE_ARGS_SIZE / Long.BYTES];
            fields[CloneFlags.CLONE_ARGS_FLAGS / Long.BYTES] = CloneFlags.CLONE_CLEAR_SIGHAND | namespaces;
            fields[CloneFlags.CLONE_ARGS_EXIT_SIGNAL / Long.BYTES] = Signal.CHLD.number();
            if (cgroup.isPresent()) {
                fields[CloneFlags.CLONE_ARGS_FLAGS / Long.BYTES] |= CloneFlags.CLONE_INTO_CGROUP;
            }
            Address arguments = asm.bytes(Struct.ofLongs(fields));
            if (cgroup.isPresent()) {
                try (var _ = asm.aside()) {
                    open(cgroup.get(), directory);
                    asm.store(Width.LONG, arguments.plus(CloneFlags.CLONE_ARGS_CGROUP), directory);
                }
            }
            asm.call(Syscall.CLONE3, arguments, value(CloneFlags.CLONE_ARGS_SIZE))
                    .into(pid);
            if (cgroup.isPresent()) {
                try (var _ = asm.when(pid, Condition.NOT_EQUAL, value(0), "in init")) {
                    asm.call(Syscall.CLOSE, directory);
                }
            }
        }
    }

    private void open(CgroupEntry.Place place, Register directory) {
        asm.source("/linux/cgroupsPath", "open the cgroup " + place.directory());
        open(value(OpenFlags.AT_FDCWD), place.own().toString(), directory);
        identity.check(place.own(), directory);
        if (!place.below().isEmpty()) {
            try (var _ = asm.scope()) {
                Register own = asm.register("container's own");
                asm.move(own, directory);
                open(own, place.below(), directory);
                asm.call(Syscall.CLOSE, own);
            }
        }
    }

    private void open(Operand from, String path, Register directory) {
        asm.call(
                        Syscall.OPENAT,
                        from,
                        asm.string(path),
                        value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.directory(machine)))
                .into(directory);
    }

    @Override
    public boolean isIntoUnifiedCgroup() {
        return true;
    }
}
