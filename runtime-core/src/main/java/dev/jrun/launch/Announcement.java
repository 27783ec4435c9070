// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.program.Assembler;

/** What a launch tells its caller once it has succeeded, and not before: if it fails, only its error goes there. */
public interface Announcement {

    /** Nothing. */
    Announcement NONE = _ -> {};

    /**
     * Says it. All signals wait meanwhile, and so may the process that was launched: nothing of this may take long, and
     * no failure fails the launch.
     */
    void assemble(Assembler asm);
}
