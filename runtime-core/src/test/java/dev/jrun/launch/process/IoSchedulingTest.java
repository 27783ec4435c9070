// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.launch.LaunchedConfig;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IoSchedulingTest {

    @ParameterizedTest
    @CsvSource({
        "IOPRIO_CLASS_RT, 0, 0x2000",
        "IOPRIO_CLASS_RT, 7, 0x2007",
        "IOPRIO_CLASS_BE, 4, 0x4004",
        "IOPRIO_CLASS_IDLE, 0, 0x6000"
    })
    void classAndPriorityAreOneNumber(String ioClass, int priority, String number) {
        String json = "{\"class\": \"%s\", \"priority\": %d}".formatted(ioClass, priority);
        assertEquals(
                List.of("ioprio_set(IOPRIO_WHO_PGRP, 0, " + number + ")"),
                LaunchedConfig.byDefault().with("/process/ioPriority", json).lines("/process/ioPriority"));
    }

    /** Real time takes CAP_SYS_NICE, which init has not over the host. */
    @ParameterizedTest
    @CsvSource({"IOPRIO_CLASS_RT, pid, 0x2002", "IOPRIO_CLASS_BE, 0, 0x4002"})
    void realTimeIsSetFromOutsideAUserNamespace(String ioClass, String init, String number) {
        String mappings = "[{\"containerID\": 0, \"hostID\": 100000, \"size\": 65536}]";
        var config = LaunchedConfig.byDefault()
                .with("/mounts", "[]")
                .with("/linux/namespaces", "[{\"type\": \"mount\"}, {\"type\": \"uts\"}, {\"type\": \"user\"}]")
                .with("/linux/uidMappings", mappings)
                .with("/linux/gidMappings", mappings)
                .with("/process/ioPriority", "{\"class\": \"%s\", \"priority\": 2}".formatted(ioClass));
        assertEquals(
                List.of("ioprio_set(IOPRIO_WHO_PGRP, " + init + ", " + number + ")"),
                config.lines("/process/ioPriority"));
    }
}
