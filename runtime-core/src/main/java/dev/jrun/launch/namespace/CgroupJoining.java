// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.CgroupIdentity;
import dev.jrun.program.Assembler;
import dev.jrun.program.Register;
import java.nio.file.Path;

/** How a new process of a container enters those of its cgroups in which it was not born. cgroups(7). */
public final class CgroupJoining {

    private final Assembler asm;
    private final CgroupEntry entry;
    private final CgroupIdentity identity;
    private final InitBirth birth;

    public CgroupJoining(Assembler asm, CgroupEntry entry, CgroupIdentity identity, InitBirth birth) {
        this.asm = asm;
        this.entry = entry;
        this.identity = identity;
        this.birth = birth;
    }

    /** Whether there are any. */
    boolean areLeft() {
        return joinsUnified() || !entry.legacy().isEmpty();
    }

    private boolean joinsUnified() {
        return entry.unified().isPresent() && !birth.isIntoUnifiedCgroup();
    }

    /** In that process. */
    public void assemble() {
        if (joinsUnified()) {
            join(entry.unified().orElseThrow());
        }
        for (CgroupEntry.Place place : entry.legacy()) {
            join(place);
        }
    }

    private void join(CgroupEntry.Place place) {
        try (var _ = asm.scope()) {
            Path cgroup = place.directory();
            Register members = asm.register(place.members());
            asm.source("/linux/cgroupsPath", "join the cgroup " + cgroup);
            identity.check(place.own());
            asm.call(
                            Syscall.OPENAT,
                            value(OpenFlags.AT_FDCWD),
                            asm.string(cgroup.resolve(place.members()).toString()),
                            value(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC))
                    .into(members);
            asm.call(Syscall.WRITE, members, asm.string("0"), value(1));
            asm.call(Syscall.CLOSE, members);
        }
    }
}
