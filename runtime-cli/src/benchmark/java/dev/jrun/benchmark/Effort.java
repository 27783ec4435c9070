// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.time.Duration;
import java.util.List;

/**
 * How often to measure.
 *
 * @param rounds of one command
 * @param lifecycles rounds of several commands
 * @param coldRounds rounds without an engine
 * @param created how many containers' memory to look at
 * @param engineRuns a multiple of 10
 * @param together how many containers to run at once
 * @param execsTogether how many processes to execute at once in one container
 * @param probed how many containers are probed every second
 * @param probeSeconds for how long
 * @param idle after how long without a call to look at the engine's memory: it returns what it does not need after five
 *     to ten seconds, and its threads end after a minute
 * @param engineRounds of commands of engines, each of which takes a hundred times as long
 */
record Effort(
        int rounds,
        int lifecycles,
        int coldRounds,
        int created,
        int engineRuns,
        List<Integer> together,
        List<Integer> execsTogether,
        int probed,
        int probeSeconds,
        Duration idle,
        int engineRounds) {

    static final Effort FULL =
            new Effort(200, 60, 30, 5, 1000, List.of(1, 10, 50), List.of(10, 100), 50, 20, Duration.ofSeconds(75), 20);

    /** Enough to see that everything works. */
    static final Effort QUICK =
            new Effort(20, 5, 3, 2, 100, List.of(1, 10), List.of(10), 5, 3, Duration.ofSeconds(10), 3);

    /** How many calls an engine serves before it is measured: the JVM compiles what has been called a hundred times. */
    int callsToWarmUp() {
        return rounds / 2;
    }

    int roundsOf(int atOnce) {
        return Math.max(2, rounds / 4 / atOnce);
    }
}
