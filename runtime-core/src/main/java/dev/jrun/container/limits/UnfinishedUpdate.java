// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.limits;

import java.util.List;

/**
 * What an update has left that was cut off, such as by the end of its engine: how all becomes again what it was before.
 *
 * @param limits those of the container's record before
 * @param steps what is to be done, the first one first
 */
public record UnfinishedUpdate(UpdatedLimits limits, List<Step> steps) {

    public UnfinishedUpdate {
        steps = List.copyOf(steps);
    }

    /**
     * One of them.
     *
     * @param file to write to; empty: the container's device rules are to be those of its record
     */
    public record Step(String file, String value) {}
}
