// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.cgroup.CgroupException;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class LegacyBlkioControllerTest extends LegacyControllerTest {
    LegacyBlkioControllerTest() {
        super(new BlkioController());
    }

    @Test
    void bfqHasTheWeight() throws CgroupException {
        assumeTrue(
                Files.exists(cgroup().paths().legacy("blkio").orElseThrow().resolve("blkio.bfq.weight")),
                "the kernel has no BFQ with groups");
        apply("{\"blockIO\": {\"weight\": 500}}");
        assertEquals("500", read("blkio.bfq.weight"));
        assertRefused(
                "{\"blockIO\": {\"weight\": 1001}}",
                "/linux/resources/blockIO/weight",
                "write \"1001\" to DIR/blkio.bfq.weight: numerical result out of range;"
                        + " the kernel takes weights from 10 to 1000");
    }

    @Test
    void eachDiskHasLimits() throws IOException {
        String disk = Disks.any();
        String[] numbers = disk.split(":");
        String device = "{\"major\": " + numbers[0] + ", \"minor\": " + numbers[1] + ", \"rate\": ";
        apply("{\"blockIO\": {\"throttleReadBpsDevice\": [" + device + "1048576}],"
                + " \"throttleWriteBpsDevice\": [" + device + "2097152}],"
                + " \"throttleReadIOPSDevice\": [" + device + "100}],"
                + " \"throttleWriteIOPSDevice\": [" + device + "200}]}}");
        assertEquals(disk + " 1048576", read("blkio.throttle.read_bps_device"));
        assertEquals(disk + " 2097152", read("blkio.throttle.write_bps_device"));
        assertEquals(disk + " 100", read("blkio.throttle.read_iops_device"));
        assertEquals(disk + " 200", read("blkio.throttle.write_iops_device"));
        apply("{\"blockIO\": {\"throttleReadBpsDevice\": [" + device + "0}]}}");
        assertEquals("", read("blkio.throttle.read_bps_device"));
    }

    @Test
    void whatIsNoDiskIsRefused() {
        assertRefused(
                "{\"blockIO\": {\"throttleReadIOPSDevice\": [{\"major\": 4094, \"minor\": 7, \"rate\": 1}]}}",
                "/linux/resources/blockIO/throttleReadIOPSDevice/0",
                "write \"4094:7 1\" to DIR/blkio.throttle.read_iops_device: no such device;"
                        + " the kernel takes numbers of whole disks that are there");
        assertRefused(
                "{\"blockIO\": {\"leafWeight\": 100}}",
                "/linux/resources/blockIO/leafWeight",
                "write \"100\" to DIR/blkio.leaf_weight: no such file or directory; this kernel has no blkio.leaf_weight");
    }
}
