// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.statistics;

import java.util.Optional;

/**
 * How much processes were held up by a lack of some resource: pressure stall information.
 *
 * @param some while at least one process was
 * @param full while all of them were; a kernel before 5.13 does not say so of CPUs
 * @see <a href="https://docs.kernel.org/accounting/psi.html">PSI</a>
 */
public record Pressure(Stall some, Optional<Stall> full) {

    /**
     * For how much of the time.
     *
     * @param average10 of the last 10 seconds, in percent
     * @param average60 of the last minute
     * @param average300 of the last five minutes
     * @param total in microseconds, since the cgroup was made
     */
    public record Stall(double average10, double average60, double average300, long total) {}
}
