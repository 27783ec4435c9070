// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import dev.jrun.container.Consumption;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a container uses the machine between two moments.
 *
 * @param now what it has used at the second, and uses then
 * @param before what it had used at the first; empty if it was not there, and rates are not known
 */
record Use(Consumption now, Optional<Sample> before) {

    private static final double NANOSECONDS_PER_SECOND = 1e9;
    private static final double PERCENT = 100;

    String id() {
        return now.id();
    }

    /** Of the time of one CPU. */
    OptionalDouble cpuPercent() {
        return before.isPresent()
                ? OptionalDouble.of(
                        PERCENT * Math.max(0, now.cpu() - before.get().cpu()) / nanoseconds())
                : OptionalDouble.empty();
    }

    /** Bytes in a second. */
    OptionalDouble readRate() {
        return before.isPresent() ? rate(now.read() - before.get().read()) : OptionalDouble.empty();
    }

    /** Bytes in a second. */
    OptionalDouble writeRate() {
        return before.isPresent() ? rate(now.written() - before.get().written()) : OptionalDouble.empty();
    }

    private OptionalDouble rate(long bytes) {
        return OptionalDouble.of(Math.max(0, bytes) * NANOSECONDS_PER_SECOND / nanoseconds());
    }

    private long nanoseconds() {
        return Math.max(1, now.time() - before.orElseThrow().time());
    }
}
