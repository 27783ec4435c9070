// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.rootfs.MountCalls.Depth;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Struct;
import dev.jrun.spec.Propagation;
import java.util.ArrayList;
import java.util.List;

/** Changes of mounts by mount_setattr(2). Many mounts of a container are changed in the same few ways. */
final class MountSetattr {

    private static final int SIZE = 4 * Long.BYTES;
    private static final Operand ALONE = value(OpenFlags.AT_EMPTY_PATH);
    private static final Operand WITH_ALL_BELOW = value(OpenFlags.AT_EMPTY_PATH | OpenFlags.AT_RECURSIVE);

    private final Assembler asm;
    private final List<Attributes> known = new ArrayList<>();

    /** A {@code struct mount_attr} in the image. */
    private record Attributes(long set, long cleared, long propagation, Address place) {}

    MountSetattr(Assembler asm) {
        this.asm = asm;
    }

    /** As {@link MountCalls#change}. */
    void change(Register mount, Depth depth, MountAttributes attributes) {
        change(mount, depth, place(attributes.set(), attributes.cleared(), 0));
    }

    /** The same with a {@code struct mount_attr} that is filled when the program runs. */
    void change(Register mount, Depth depth, Address attributes) {
        asm.call(
                Syscall.MOUNT_SETATTR,
                mount,
                asm.string(""),
                depth == Depth.RECURSIVE ? WITH_ALL_BELOW : ALONE,
                attributes,
                value(SIZE));
    }

    /** As {@link MountCalls#propagate}. */
    void propagate(Register mount, Propagation kind) {
        Depth depth = kind.recursive() ? Depth.RECURSIVE : Depth.SINGLE;
        change(mount, depth, place(0, 0, MountAttributes.propagation(kind)));
    }

    private Address place(long set, long cleared, long propagation) {
        for (Attributes attributes : known) {
            if (attributes.set == set && attributes.cleared == cleared && attributes.propagation == propagation) {
                return attributes.place;
            }
        }
        Address place = asm.bytes(Struct.ofLongs(set, cleared, propagation, 0));
        known.add(new Attributes(set, cleared, propagation, place));
        return place;
    }
}
