// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.spec.Config;
import dev.jrun.spec.Fixtures;
import dev.jrun.spec.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotYetImplementedTest {
    @Test
    void theDefaultConfigWithoutTerminalIsImplemented() {
        assertEquals(List.of(), pointers("valid/default-without-terminal.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"valid/nulls.json", "valid/empty.json"})
    void whatAsksForNothingIsNotRefused(String path) {
        assertEquals(List.of(), pointers(path));
    }

    @Test
    void zeroLimitsAskForNothing() {
        assertEquals(List.of(), pointers("captured/docker-20.10-bridge.json"));
    }

    @Test
    void everythingElseIsRefusedByItsPointer() {
        assertEquals(
                List.of(
                        "/linux/resources/memory/kernel",
                        "/linux/resources/memory/kernelTCP",
                        "/linux/resources/memory/swappiness",
                        "/linux/resources/memory/disableOOMKiller",
                        "/linux/resources/memory/useHierarchy",
                        "/linux/resources/memory/checkBeforeUpdate",
                        "/linux/resources/cpu/burst",
                        "/linux/resources/cpu/realtimeRuntime",
                        "/linux/resources/cpu/realtimePeriod",
                        "/linux/resources/cpu/idle",
                        "/linux/resources/blockIO/leafWeight",
                        "/linux/resources/blockIO/weightDevice",
                        "/linux/resources/blockIO/throttleReadBpsDevice",
                        "/linux/resources/blockIO/throttleWriteBpsDevice",
                        "/linux/resources/blockIO/throttleReadIOPSDevice",
                        "/linux/resources/blockIO/throttleWriteIOPSDevice",
                        "/linux/resources/network/classID",
                        "/linux/resources/network/priorities",
                        "/linux/resources/hugepageLimits",
                        "/linux/resources/rdma",
                        "/linux/resources/unified"),
                pointers("valid/everything.json"));
    }

    private static List<String> pointers(String path) {
        Config config = ConfigReader.read(Fixtures.bytes(path)).value().orElseThrow();
        return NotYetImplemented.in(config).stream().map(Problem::pointer).toList();
    }
}
