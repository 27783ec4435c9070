// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cgroup.CgroupException;
import org.junit.jupiter.api.Test;

class LegacyCpusetControllerTest extends LegacyControllerTest {
    LegacyCpusetControllerTest() {
        super(new CpusetController());
    }

    @Test
    void partOfWhatTheCgroupAboveHasIsSet() throws CgroupException {
        apply("{\"cpu\": {\"cpus\": \"0\", \"mems\": \"0\"}}");
        assertEquals("0", read("cpuset.cpus"));
        assertEquals("0", read("cpuset.mems"));
    }

    @Test
    void whatTheCgroupAboveDoesNotHaveIsRefused() throws CgroupException {
        writeAbove("cpuset.cpus", read("cpuset.cpus"));
        apply("{\"cpu\": {\"cpus\": \"0\"}}");
        writeAbove("cpuset.cpus", "0");
        assertRefused(
                "{\"cpu\": {\"cpus\": \"4095\"}}",
                "/linux/resources/cpu/cpus",
                "write \"4095\" to DIR/cpuset.cpus: numerical result out of range; ../cpuset.cpus is 0");
        assertRefused(
                "{\"cpu\": {\"mems\": \"0-63\"}}",
                "/linux/resources/cpu/mems",
                "write \"0-63\" to DIR/cpuset.mems: invalid argument; ../cpuset.mems is 0");
    }
}
