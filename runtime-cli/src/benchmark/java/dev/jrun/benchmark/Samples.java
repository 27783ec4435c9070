// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.util.Comparator;
import java.util.List;

/** What was measured of one subject in one case: milliseconds, or kB (1024 bytes). */
record Samples(List<Double> sorted) {

    Samples {
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("no samples");
        }
        sorted = sorted.stream().sorted(Comparator.naturalOrder()).toList();
    }

    double median() {
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The value that nine of ten samples do not exceed. */
    double p90() {
        return sorted.get((int) Math.ceil(sorted.size() * 0.9) - 1);
    }

    double least() {
        return sorted.getFirst();
    }

    int count() {
        return sorted.size();
    }
}
