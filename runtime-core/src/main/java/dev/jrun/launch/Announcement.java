// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.program.Assembler;

/**
 * What a launch has to say to its caller once it has succeeded, and no sooner: of one that fails, its error is all that
 * is said there.
 */
public interface Announcement {

    /** Nothing. */
    Announcement NONE = _ -> {};

    /**
     * Says it. All signals wait meanwhile, and so may the process that was launched: nothing of this may take long, and
     * no failure fails the launch.
     */
    void assemble(Assembler asm);
}
