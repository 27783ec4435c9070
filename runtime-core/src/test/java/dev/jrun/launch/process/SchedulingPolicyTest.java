// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.launch.LaunchedConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulingPolicyTest {

    private static final String POINTER = "/process/scheduler";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"policy": "SCHED_OTHER", "nice": -5}                  | sched_policy=SCHED_OTHER, sched_nice=-5
            {"policy": "SCHED_BATCH", "nice": 19}                  | sched_policy=SCHED_BATCH, sched_nice=19
            {"policy": "SCHED_IDLE"}                               | sched_policy=SCHED_IDLE
            {"policy": "SCHED_FIFO", "priority": 99}               | sched_policy=SCHED_FIFO, sched_priority=99
            {"policy": "SCHED_RR", "priority": 1, "nice": -1}      | sched_policy=SCHED_RR, sched_nice=-1, sched_priority=1
            {"policy": "SCHED_DEADLINE", "runtime": 1024, "deadline": 5000000000} | sched_policy=SCHED_DEADLINE, sched_runtime=1024, sched_deadline=5000000000
            {"policy": "SCHED_DEADLINE", "runtime": 10000, "deadline": 20000, "period": 30000} | sched_policy=SCHED_DEADLINE, sched_runtime=10000, sched_deadline=20000, sched_period=30000
            """)
    void everyPolicyHasItsParameters(String scheduler, String attributes) {
        assertEquals(
                List.of("sched_setattr(0, {" + attributes + "}, 0)"),
                LaunchedConfig.byDefault().with(POINTER, scheduler).lines(POINTER));
    }

    @Test
    void flagsAreCombined() {
        var config = LaunchedConfig.byDefault().with(POINTER, """
                {"policy": "SCHED_OTHER",
                 "flags": ["SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_RECLAIM", "SCHED_FLAG_DL_OVERRUN", "SCHED_FLAG_KEEP_POLICY",
                           "SCHED_FLAG_KEEP_PARAMS", "SCHED_FLAG_UTIL_CLAMP_MIN", "SCHED_FLAG_UTIL_CLAMP_MAX"]}
                """);
        String line = config.lines(POINTER).getFirst();
        for (String flag :
                "RESET_ON_FORK RECLAIM DL_OVERRUN KEEP_POLICY KEEP_PARAMS UTIL_CLAMP_MIN UTIL_CLAMP_MAX".split(" ")) {
            assertTrue(line.contains("SCHED_FLAG_" + flag), line);
        }
    }

    @Test
    void isSetAfterTheLimitsAndBeforeCapabilitiesAreDropped() {
        var config = LaunchedConfig.byDefault().with(POINTER, "{\"policy\": \"SCHED_BATCH\"}");
        int here = config.indexOf("schedule by SCHED_BATCH");
        assertTrue(config.indexOf("set RLIMIT_NOFILE to 1024:1024") < here);
        assertTrue(here < config.indexOf("keep capabilities while the user changes"));
    }

    @Test
    void isInheritedIfItIsAbsent() {
        assertEquals(List.of(), LaunchedConfig.byDefault().lines(POINTER));
        assertEquals(List.of(), inUserNamespace().lines(POINTER));
    }

    private static LaunchedConfig inUserNamespace() {
        String mappings = "[{\"containerID\": 0, \"hostID\": 100000, \"size\": 65536}]";
        return LaunchedConfig.byDefault()
                .with("/mounts", "[]")
                .with("/linux/namespaces", "[{\"type\": \"mount\"}, {\"type\": \"uts\"}, {\"type\": \"user\"}]")
                .with("/linux/uidMappings", mappings)
                .with("/linux/gidMappings", mappings);
    }

    /** Where the shim may not, init may be allowed to by its limits. What is set already, it may set in any case. */
    @Test
    void isAllowedFromOutsideAUserNamespace() {
        var config = inUserNamespace().with(POINTER, "{\"policy\": \"SCHED_OTHER\", \"nice\": -7}");
        String attributes = "{sched_policy=SCHED_OTHER, sched_nice=-7}";
        assertEquals(
                List.of(
                        "sched_setattr(pid, " + attributes + ", 0)  ignoring EPERM",
                        "sched_setattr(0, " + attributes + ", 0)"),
                config.lines(POINTER));
    }

    /** Which nobody without CAP_SYS_NICE may set, not even again: sched(7). */
    @Test
    void aDeadlineIsSetFromOutsideAUserNamespaceAlone() {
        var config = inUserNamespace()
                .with(POINTER, "{\"policy\": \"SCHED_DEADLINE\", \"runtime\": 1024, \"deadline\": 5000000000}");
        assertEquals(
                List.of("sched_setattr(pid, {sched_policy=SCHED_DEADLINE, sched_runtime=1024,"
                        + " sched_deadline=5000000000}, 0)"),
                config.lines(POINTER));
    }

    /** Whatever init does before is scheduled as in any other container. */
    @Test
    void initWaitsForItWhereItWouldSetItItself() {
        var config = inUserNamespace().with(POINTER, "{\"policy\": \"SCHED_BATCH\"}");
        int waits = config.indexOf("wait to be scheduled by who has the privilege");
        assertTrue(config.indexOf("set RLIMIT_NOFILE to 1024:1024") < waits);
        assertTrue(waits < config.indexOf("schedule by SCHED_BATCH"));
        assertTrue(config.indexOf("allow to schedule by SCHED_BATCH") < config.indexOf("let init go on"));
        assertEquals(
                List.of(),
                LaunchedConfig.byDefault()
                        .with(POINTER, "{\"policy\": \"SCHED_BATCH\"}")
                        .intent("wait to be scheduled by who has the privilege"));
    }
}
