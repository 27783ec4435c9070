// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import dev.jrun.container.Consumption;

/**
 * A container's use at one moment, as far as rates are computed from it.
 *
 * @param started when its first process started; together with the id, this identifies one container and no later one
 * @param time in nanoseconds, by a clock that all engines of a machine share
 * @param cpu time on CPUs, in nanoseconds
 * @param read bytes from block devices
 * @param written bytes to block devices
 */
record Sample(String id, long started, long time, long cpu, long read, long written) {

    static Sample of(Consumption container) {
        return new Sample(
                container.id(),
                container.started(),
                container.time(),
                container.cpu(),
                container.read(),
                container.written());
    }

    boolean isOf(Consumption container) {
        return id.equals(container.id()) && started == container.started();
    }
}
