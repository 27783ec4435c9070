// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cgroup.controller.OomNotices;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class KeptWatchTest {

    private static final Path CGROUP = Path.of("/sys/fs/cgroup/c1");

    private static Optional<KeptWatch> in(String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (String variable : variables) {
            String[] parts = variable.split("=");
            environment.put("_JRUN_WATCH_" + parts[0], parts[1]);
        }
        return KeptWatch.in(environment);
    }

    @Test
    void descriptorsAndNumbersAreReadFromTheEnvironment() {
        assertEquals(
                Optional.of(new KeptWatch(
                        3,
                        4,
                        OptionalLong.of(77),
                        Optional.of(new KeptWatch.Oom.Legacy(new OomNotices.Legacy(CGROUP), 5, OptionalLong.of(6))))),
                in("TIMER=3", "PROCESS=4", "STARTED=77", "CGROUP=" + CGROUP, "EVENTFD=5", "PLACE=6"));
        assertEquals(
                Optional.of(new KeptWatch(
                        3,
                        -3,
                        OptionalLong.of(77),
                        Optional.of(new KeptWatch.Oom.Unified(
                                new OomNotices.Unified(CGROUP, 8, 9), 7, OptionalLong.of(5))))),
                in(
                        "TIMER=3",
                        "PROCESS=18446744073709551613",
                        "STARTED=77",
                        "CGROUP=" + CGROUP,
                        "EVENTS=5",
                        "KILLS=7",
                        "KILLS_AT_LOOK=8",
                        "KILLS_ON_HOST=9"));
    }

    /** Else the call would begin anew, and its descriptors would stay open. */
    @Test
    void whatAFormerVersionSaidIsUnderstood() {
        assertEquals(
                Optional.of(new KeptWatch(
                        3,
                        4,
                        OptionalLong.empty(),
                        Optional.of(new KeptWatch.Oom.Legacy(new OomNotices.Legacy(CGROUP), 5, OptionalLong.empty())))),
                in("TIMER=3", "PROCESS=4", "CGROUP=" + CGROUP, "EVENTFD=5"));
        assertEquals(
                Optional.of(new KeptWatch(
                        3,
                        4,
                        OptionalLong.empty(),
                        Optional.of(new KeptWatch.Oom.Unified(
                                new OomNotices.Unified(CGROUP, 7, Long.MAX_VALUE), 7, OptionalLong.empty())))),
                in("TIMER=3", "PROCESS=4", "CGROUP=" + CGROUP, "KILLS=7"));
    }

    @Test
    void otherVariablesAreNobodys() {
        assertEquals(Optional.empty(), in());
        assertEquals(Optional.empty(), in("TIMER=3"));
        assertEquals(Optional.empty(), in("TIMER=x", "PROCESS=4"));
    }
}
