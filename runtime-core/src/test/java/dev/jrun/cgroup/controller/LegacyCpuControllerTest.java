// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cgroup.CgroupException;
import org.junit.jupiter.api.Test;

class LegacyCpuControllerTest extends LegacyControllerTest {
    private static final String RULES = "; the kernel takes periods from 1000 to 1000000 µs and quotas from 1000 µs on,"
            + " and no greater part of the time than the cgroup above has";

    LegacyCpuControllerTest() {
        super(new CpuController());
    }

    private void assertBandwidth(String quota, String period) throws CgroupException {
        assertEquals(quota, read("cpu.cfs_quota_us"));
        assertEquals(period, read("cpu.cfs_period_us"));
    }

    @Test
    void allThreeAreSet() throws CgroupException {
        apply("{\"cpu\": {\"shares\": 512, \"quota\": 20000, \"period\": 50000}}");
        assertEquals("512", read("cpu.shares"));
        assertBandwidth("20000", "50000");
    }

    @Test
    void eachCanBeSetAlone() throws CgroupException {
        apply("{\"cpu\": {\"quota\": 30000}}");
        assertBandwidth("30000", "100000");
        apply("{\"cpu\": {\"period\": 60000}}");
        assertBandwidth("30000", "60000");
        apply("{\"cpu\": {\"quota\": -1}}");
        assertBandwidth("-1", "60000");
    }

    /** Half a CPU is all that there is; old quota and new period would be more than that in one step, less in another. */
    @Test
    void quotaAndPeriodChangeTogetherWithinWhatTheCgroupAboveHas() throws CgroupException {
        writeAbove("cpu.cfs_quota_us", "50000");
        apply("{\"cpu\": {\"quota\": 50000, \"period\": 100000}}");
        apply("{\"cpu\": {\"quota\": 25000, \"period\": 50000}}");
        assertBandwidth("25000", "50000");
        apply("{\"cpu\": {\"quota\": 50000, \"period\": 100000}}");
        assertBandwidth("50000", "100000");
        assertRefused(
                "{\"cpu\": {\"quota\": 60000}}",
                "/linux/resources/cpu/quota",
                "write \"60000\" to DIR/cpu.cfs_quota_us: invalid argument" + RULES);
    }

    @Test
    void whatTheKernelDoesNotTakeIsRefused() {
        assertRefused(
                "{\"cpu\": {\"quota\": 999}}",
                "/linux/resources/cpu/quota",
                "write \"999\" to DIR/cpu.cfs_quota_us: invalid argument" + RULES);
        assertRefused(
                "{\"cpu\": {\"quota\": 5000, \"period\": 10}}",
                "/linux/resources/cpu/period",
                "write \"10\" to DIR/cpu.cfs_period_us: invalid argument" + RULES);
        assertRefused(
                "{\"cpu\": {\"shares\": 1}}",
                "/linux/resources/cpu/shares",
                "found 1; the kernel takes shares from 2 to 262144");
        assertRefused(
                "{\"cpu\": {\"shares\": 18446744073709551615}}",
                "/linux/resources/cpu/shares",
                "found 18446744073709551615; the kernel takes shares from 2 to 262144");
    }
}
