// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.CgroupException;
import java.util.Optional;

/**
 * How much processes were held up by a lack of some resource: pressure stall information.
 *
 * @param some while at least one process was
 * @param full while all of them were; a kernel before 5.13 does not say so of CPUs
 * @see <a href="https://docs.kernel.org/accounting/psi.html">PSI</a>
 */
public record Pressure(Stall some, Optional<Stall> full) {

    private static final String AVERAGES = "avg";

    /**
     * For how much of the time.
     *
     * @param average10 of the last 10 seconds, in percent
     * @param average60 of the last minute
     * @param average300 of the last five minutes
     * @param total in microseconds, since the cgroup was made
     */
    public record Stall(double average10, double average60, double average300, long total) {}

    /** What such a file of cgroup v2 says; empty if there is none, or PSI is switched off. */
    static Optional<Pressure> in(ControllerFiles files, String name) throws CgroupException {
        Optional<String> text = files.readUnlessUnsupported(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Stall> some = stall(files, name, text.get(), "some ");
        return some.isPresent()
                ? Optional.of(new Pressure(some.get(), stall(files, name, text.get(), "full ")))
                : Optional.empty();
    }

    private static Optional<Stall> stall(ControllerFiles files, String name, String text, String kind)
            throws CgroupException {
        for (String line : text.split("\n")) {
            if (line.startsWith(kind)) {
                return Optional.of(stall(files, name, line.substring(kind.length())));
            }
        }
        return Optional.empty();
    }

    private static Stall stall(ControllerFiles files, String name, String line) throws CgroupException {
        double[] averages = new double[3];
        long total = 0;
        int count = 0;
        for (String field : line.split(" ")) {
            String value = field.substring(field.indexOf('=') + 1);
            try {
                if (field.startsWith(AVERAGES)) {
                    averages[count] = Double.parseDouble(value);
                    count++;
                } else if (field.startsWith("total=")) {
                    total = Long.parseUnsignedLong(value);
                }
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException other) {
                throw files.malformed(name, line);
            }
        }
        return new Stall(averages[0], averages[1], averages[2], total);
    }
}
