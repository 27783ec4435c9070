// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.hook;

import dev.jrun.launch.part.Tag;
import dev.jrun.program.Register;
import dev.jrun.program.Report;
import dev.jrun.program.Source;

/**
 * What is kept of a {@link HookProgram} once a shim has it. Hooks may take any time, and the program contains the
 * container's state, which may be large.
 *
 * @param instruction holds the index of the instruction that a {@link Tag#HOOK_FAILED} is about
 * @param errno holds its error number
 * @param steps what the instructions are about
 */
public record HookSteps(Register instruction, Register errno, Source.Steps steps) {

    /** What the hook that failed is about. */
    public Source step(Report.Yielded failed) {
        return steps.step(failed.value(instruction));
    }

    /** Its error number. */
    public long errno(Report.Yielded failed) {
        return failed.value(errno);
    }
}
