// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.statistics.Pressure;
import dev.jrun.cgroup.statistics.Pressure.Stall;
import dev.jrun.cgroup.statistics.Pressures;
import java.util.Optional;

/** The files about pressure, which are in every cgroup of v2, whichever hierarchies have the controllers. */
final class PressureFiles {

    private static final String AVERAGES = "avg";

    private PressureFiles() {}

    /** What they say. */
    static Pressures in(Cgroup cgroup) throws CgroupException {
        if (cgroup.paths().unified().isEmpty()) {
            return Pressures.NONE;
        }
        return new Pressures(of(cgroup, "cpu"), of(cgroup, "memory"), of(cgroup, "io"));
    }

    private static Optional<Pressure> of(Cgroup cgroup, String controller) throws CgroupException {
        return in(ControllerFiles.ofUnified(cgroup, controller), controller + ".pressure");
    }

    /** What such a file of cgroup v2 says; empty if there is none, or PSI is switched off. */
    private static Optional<Pressure> in(ControllerFiles files, String name) throws CgroupException {
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
