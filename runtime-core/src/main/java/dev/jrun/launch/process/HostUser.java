// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Struct;

/**
 * In the shim: the id that the caller's user namespace has for the user of a process in a user namespace that is there
 * already. Only the engine can say it, when that namespace is known.
 */
public final class HostUser {

    /** To whom chown(2) gives nothing. */
    private static final long NOBODY = -1;

    private final Assembler asm;
    private final Address id;

    public HostUser(Assembler asm) {
        this.asm = asm;
        this.id = asm.bytes(Struct.ofLongs(NOBODY));
    }

    /** Gives the standard streams to it; {@code uid} is who it is in the container. */
    public void giveStreams(long uid) {
        new StreamOwnership(asm, uid).giveToHostUser(id);
    }

    /** Where in the image of {@code program} it is. */
    public int offset(Program program) {
        return program.offset(id);
    }

    /** Says it, at {@link #offset}. */
    public static Patch patch(int offset, long id) {
        return new Patch(offset, Struct.ofLongs(id));
    }
}
