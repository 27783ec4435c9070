// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupCreation;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupPlace;
import dev.jrun.cgroup.KernelCgroups;
import dev.jrun.cgroup.controller.Limits;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Against the kernel, with the hierarchies as they are mounted. */
class DisabledDriverTest {
    private static final Making MAKING = new Making("c1", Resources.NONE, Annotations.NONE, Optional.empty());

    private final CgroupDriver driver = new CgroupDrivers(() -> false).of(CgroupDriver.Kind.DISABLED);

    @Test
    void theContainerHasNoneWhateverItsDocumentSays() throws IOException {
        KernelCgroups.asMounted().close();
        CgroupPlace place = driver.place("c1", Optional.of("/c1"), Files.readString(Path.of("/proc/self/cgroup")));

        assertEquals(List.of(), place.own().all());
        assertFalse(place.callers().all().isEmpty());
        try (CgroupCreation creation = driver.create(place, MAKING)) {
            CgroupException refused = assertThrows(
                    CgroupException.class,
                    () -> driver.apply(creation.cgroup(), Limits.of("{\"pids\": {\"limit\": 5}}")));
            assertTrue(refused.getMessage().contains("--cgroup-manager disabled"), refused::getMessage);
            driver.restrictDevices(
                    creation.cgroup(), Limits.of("{\"devices\": [{\"allow\": false, \"access\": \"rwm\"}]}"));
        }
    }

    @Test
    void recordsNameIt() {
        assertEquals(Optional.of(CgroupDriver.Kind.DISABLED), CgroupDriver.Kind.of("disabled"));
    }
}
