// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cgroup.CgroupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LegacyPidsControllerTest extends LegacyControllerTest {
    LegacyPidsControllerTest() {
        super(new PidsController());
    }

    @ParameterizedTest
    @CsvSource({"64, 64", "-1, max", "-5, max", "1, 1", "0, 1"})
    void aLimitIsSet(long limit, String expected) throws CgroupException {
        apply("{\"pids\": {\"limit\": " + limit + "}}");
        assertEquals(expected, read("pids.max"));
    }

    @Test
    void whatTheKernelDoesNotTakeIsRefused() {
        assertRefused(
                "{\"pids\": {\"limit\": 4194305}}",
                "/linux/resources/pids/limit",
                "write \"4194305\" to DIR/pids.max: invalid argument;"
                        + " the kernel takes limits up to 4194304 (PID_MAX_LIMIT)");
    }
}
