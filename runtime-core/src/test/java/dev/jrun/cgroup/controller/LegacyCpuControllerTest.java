// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LegacyCpuControllerTest extends LegacyControllerTest {
    private static final String RULES =
            "; the kernel takes periods from 1000 to 1000000 µs and quotas from 1000 µs on, no less than the burst,"
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

    /**
     * Half a CPU is all that there is; old quota and new period would be more than that in one step, less in another.
     */
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
    void aBurstIsAtMostTheQuota() throws CgroupException {
        apply("{\"cpu\": {\"quota\": 20000, \"burst\": 10000}}");
        assertEquals("10000", read("cpu.cfs_burst_us"));
        apply("{\"cpu\": {\"quota\": 5000, \"burst\": 5000}}");
        assertEquals("5000", read("cpu.cfs_burst_us"));
        apply("{\"cpu\": {\"burst\": 0}}");
        assertEquals("0", read("cpu.cfs_burst_us"));
        assertRefused(
                "{\"cpu\": {\"burst\": 5001}}",
                "/linux/resources/cpu/burst",
                "write \"5001\" to DIR/cpu.cfs_burst_us: invalid argument;"
                        + " the kernel takes bursts up to the quota, and none without a quota");
    }

    @Test
    void realTimeIsTakenFromTheCgroupAbove() throws CgroupException {
        assumeTrue(
                Files.exists(cgroup().paths().legacy("cpu").orElseThrow().resolve("cpu.rt_runtime_us")),
                "the kernel has no groups of real-time processes");
        Path above = cgroup().paths().legacy("cpu").orElseThrow().getParent();
        new CgroupFile(above.getParent(), "cpu.rt_runtime_us").write("20000");
        new CgroupFile(above, "cpu.rt_runtime_us").write("20000");
        apply("{\"cpu\": {\"realtimePeriod\": 500000, \"realtimeRuntime\": 5000}}");
        assertEquals("500000", read("cpu.rt_period_us"));
        assertEquals("5000", read("cpu.rt_runtime_us"));
        assertRefused(
                "{\"cpu\": {\"realtimeRuntime\": 100000}}",
                "/linux/resources/cpu/realtimeRuntime",
                "write \"100000\" to DIR/cpu.rt_runtime_us: invalid argument; the kernel takes runtimes up to the period,"
                        + " and no more than the cgroup above has left to give; cpu.rt_period_us is 500000");
    }

    @Test
    void anIdleGroupHasNoShares() throws CgroupException {
        apply("{\"cpu\": {\"shares\": 512, \"idle\": 1}}");
        assertEquals("1", read("cpu.idle"));
        apply("{\"cpu\": {\"shares\": 512, \"idle\": 0}}");
        assertEquals("0", read("cpu.idle"));
        assertEquals("512", read("cpu.shares"));
        assertRefused(
                "{\"cpu\": {\"idle\": 2}}",
                "/linux/resources/cpu/idle",
                "write \"2\" to DIR/cpu.idle: invalid argument; the kernel takes 0 and 1");
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
