// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.cgroup.CgroupException;
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
}
