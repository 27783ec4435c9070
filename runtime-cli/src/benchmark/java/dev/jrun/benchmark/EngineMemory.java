// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.util.List;

/** An engine's memory while it runs one container after another. */
record EngineMemory(List<Sample> samples) {

    /** By how much memory may differ between the middle and the end of the runs and still be called flat. */
    static final double FLAT = 0.05;

    /**
     * @param runs that the engine has served before
     * @param memory in kB
     */
    record Sample(int runs, Memory memory) {}

    Sample last() {
        return samples.getLast();
    }

    /** The growth of resident memory over the second half of the runs, as a fraction. */
    double growth() {
        Sample middle = samples.stream()
                .filter(sample -> sample.runs * 2 >= last().runs)
                .findFirst()
                .orElseThrow();
        return (double) last().memory.rss() / middle.memory.rss() - 1;
    }

    boolean isFlat() {
        return growth() <= FLAT;
    }
}
