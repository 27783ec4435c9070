// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.create;

import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.util.List;

/**
 * What is kept of a launch program once the container's program runs. A container may live for months, and its launch
 * program may be large, so the rest is forgotten.
 *
 * @param status holds init's wait status, wait(2)
 * @param failedInstruction holds the index of an instruction that failed
 * @param failedErrno holds its error
 * @param notRemoved where to go on from {@link Tag#ENDED} if the container cannot be removed: the program ends, and the
 *     shim does not
 * @param first the index of the first instruction that comes after
 * @param steps what the shim's instructions from there on are about
 */
public record AfterStart(
        Register status,
        Register failedInstruction,
        Register failedErrno,
        int notRemoved,
        int first,
        List<Source> steps)
        implements Source.Steps {

    public AfterStart {
        steps = List.copyOf(steps);
    }

    @Override
    public Source step(long instruction) {
        long index = instruction - first;
        return index >= 0 && index < steps.size()
                ? steps.get((int) index)
                : Source.runtime("instruction " + instruction + " of a launch");
    }
}
