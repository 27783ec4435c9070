// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import dev.jrun.cgroup.KernelCgroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files of cgroup v2 that hybrid hosts have, too, against the kernel. */
class UnifiedFilesTest {

    private final Controllers controllers = new Controllers();
    private KernelCgroups kernel;
    private Cgroup cgroup;
    private Path directory;

    @BeforeEach
    void make() throws IOException {
        kernel = KernelCgroups.asMounted();
        boolean unified = kernel.unifiedRoot().isPresent();
        if (!unified) {
            System.out.println("skipped: cgroup v2 is not mounted");
        }
        assumeTrue(unified);
        cgroup = kernel.create("c");
        directory = cgroup.paths().unified().orElseThrow();
    }

    @AfterEach
    void remove() throws IOException {
        kernel.close();
    }

    private void apply(String json) throws CgroupException {
        controllers.apply(cgroup, Limits.of(json));
    }

    private String read(String name) throws CgroupException {
        return new CgroupFile(directory, name).read();
    }

    private void needHugePages() throws IOException {
        boolean counted = Files.exists(Path.of("/sys/kernel/mm/hugepages/hugepages-2048kB"))
                && new CgroupFile(kernel.unifiedRoot().orElseThrow(), "cgroup.controllers")
                        .readWords()
                        .contains("hugetlb");
        if (!counted) {
            System.out.println("skipped: cgroup v2 does not count huge pages of 2 MB here");
        }
        assumeTrue(counted);
    }

    @Test
    void filesAreWrittenByTheirNames() throws CgroupException {
        apply("{\"unified\": {\"cgroup.max.depth\": \"3\", \"cgroup.max.descendants\": \"7\"}}");
        assertEquals("3", read("cgroup.max.depth"));
        assertEquals("7", read("cgroup.max.descendants"));
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        CgroupException refused =
                assertThrows(CgroupException.class, () -> apply("{\"unified\": {\"nothing.max\": \"1\"}}"));
        assertEquals("/linux/resources/unified/nothing.max", refused.pointer());
        assertTrue(refused.getMessage().contains("nothing controller: write \"1\" to " + directory + "/nothing.max"));
    }

    @Test
    void hugePagesAreLimitedAndReservationsOfThem() throws IOException {
        needHugePages();
        apply("{\"hugepageLimits\": [{\"pageSize\": \"2MB\", \"limit\": 4194304}]}");
        assertEquals("4194304", read("hugetlb.2MB.max"));
        assertEquals("4194304", read("hugetlb.2MB.rsvd.max"));
        apply("{\"hugepageLimits\": [{\"pageSize\": \"2MB\", \"limit\": 18446744073709551615}]}");
        assertEquals("max", read("hugetlb.2MB.max"));
    }

    @Test
    void whatIsWrittenByNamePrevails() throws IOException {
        needHugePages();
        apply("{\"hugepageLimits\": [{\"pageSize\": \"2MB\", \"limit\": 4194304}],"
                + " \"unified\": {\"hugetlb.2MB.max\": \"2097152\"}}");
        assertEquals("2097152", read("hugetlb.2MB.max"));
    }

    @Test
    void aSizeThatNoHugePageHasIsRefused() throws IOException {
        needHugePages();
        CgroupException refused = assertThrows(
                CgroupException.class,
                () -> apply("{\"hugepageLimits\": [{\"pageSize\": \"3MB\", \"limit\": 4194304}]}"));
        assertEquals("/linux/resources/hugepageLimits/0", refused.pointer());
        assertTrue(refused.getMessage().endsWith("this kernel has no hugetlb.3MB.max"), refused.getMessage());
    }
}
