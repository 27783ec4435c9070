// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupCreation;
import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import dev.jrun.cgroup.CgroupPlace;
import dev.jrun.cgroup.KernelCgroups;
import dev.jrun.cgroup.controller.Limits;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the kernel, with the hierarchies as they are mounted. */
class FileSystemDriverTest {
    private static final Making MAKING = new Making("c1", Resources.NONE, Annotations.NONE, Optional.empty());

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final CgroupDriver driver = new CgroupDrivers(() -> false).of(CgroupDriver.Kind.CGROUPFS);
    private KernelCgroups kernel;

    @BeforeEach
    void needCgroups() throws IOException {
        kernel = KernelCgroups.asMounted();
    }

    @AfterEach
    void close() throws IOException {
        if (kernel != null) {
            kernel.close();
        }
    }

    private CgroupPlace place(String name) throws CgroupException {
        return driver.place("c1", Optional.of(kernel.path(name)), "");
    }

    private Cgroup create(String name) throws CgroupException {
        try (CgroupCreation creation = driver.create(place(name), MAKING)) {
            return creation.cgroup();
        }
    }

    @Test
    void aContainersCgroupIsMadeWhereItBelongsAndTakenAway() throws IOException {
        CgroupPlace place = place("c1");
        assertEquals(kernel.place("c1"), place.own());
        assertFalse(new Cgroup(place).exists());

        Cgroup cgroup = create("c1");
        for (Path directory : place.own().all()) {
            assertTrue(Files.isDirectory(directory), directory::toString);
        }

        driver.remove(cgroup, LIMIT);
        assertFalse(cgroup.exists());
        driver.remove(cgroup, LIMIT);
    }

    @Test
    void whatIsInUseIsNotTakenAway() throws IOException {
        Cgroup cgroup = create("c1");
        Process process = kernel.runWaiting(cgroup);

        CgroupException refused = assertThrows(CgroupException.class, () -> driver.remove(cgroup, Duration.ZERO));
        assertTrue(refused.getMessage().contains("processes [" + process.pid() + "] are in it"), refused::getMessage);
        assertEquals(List.of((int) process.pid()), cgroup.processes().pids());
    }

    @Test
    void laterCallsFindTheCgroupByWhatWasRecorded() throws IOException {
        CgroupPlace place = place("c1");
        ContainerPlaces planned = ContainerPlaces.planned(driver.kind(), place, List.of());
        assertFalse(planned.haveOwnCgroup());
        try (CgroupCreation creation = driver.create(place, MAKING)) {
            ContainerPlaces recorded = planned.with(creation.own());
            assertTrue(recorded.haveOwnCgroup());
            assertEquals(place.own(), recorded.ownCgroup().paths());
            CgroupDriver later = new CgroupDrivers(() -> false).of(recorded.driver());

            later.remove(recorded.ownCgroup(), LIMIT);
            assertFalse(recorded.ownCgroup().exists());
        }
    }

    /** As an update of a container does, whose document of new values has no device rules. */
    @Test
    void newLimitsLeaveTheDeviceRulesAsTheyAre() throws IOException {
        Cgroup cgroup = create("c1");
        Optional<Path> devices = cgroup.paths().legacy("devices");
        Optional<Path> pids = cgroup.paths().legacy("pids");
        if (devices.isEmpty() || pids.isEmpty()) {
            skip("no hierarchy of cgroup v1 has the controllers devices and pids");
        }
        CgroupFile rules = new CgroupFile(devices.get(), "devices.list");
        driver.restrictDevices(cgroup, Limits.of("""
                {"devices": [{"allow": false, "access": "rwm"},
                             {"allow": true, "type": "c", "major": 10, "minor": 229, "access": "rw"}]}"""));
        String before = rules.read();
        assertTrue(before.contains("c 10:229 rw"), before);

        driver.apply(cgroup, Limits.of("{\"pids\": {\"limit\": 7}}"));
        assertEquals("7", new CgroupFile(pids.get(), "pids.max").read());
        assertEquals(before, rules.read());

        driver.restrictDevices(cgroup, Resources.NONE);
        assertNotEquals(before, rules.read());
        assertEquals("7", new CgroupFile(pids.get(), "pids.max").read());
    }

    @Test
    void aProcessComesBesideOneInACgroupBelow() throws IOException {
        Cgroup cgroup = create("c1");
        Optional<Path> unified = cgroup.paths().unified();
        if (unified.isEmpty()) {
            skip("cgroup v2 is not mounted");
        }
        Path below = Files.createDirectory(unified.get().resolve("below"));
        Process init = kernel.run(List.of(below), "exec cat");
        String membership = Files.readString(Path.of("/proc/" + init.pid() + "/cgroup"));

        CgroupEntry entry = driver.entryBeside(cgroup, membership).orElseThrow();
        assertEquals(Optional.of(below), entry.unified().map(CgroupEntry.Place::directory));
        assertEquals(cgroup.entry().legacy(), entry.legacy());
    }

    /** They say where they want it; whether they may have it, the kernel says. */
    @Test
    void callersWithoutPrivilegesHaveTheCgroupThatTheyName() throws IOException {
        CgroupDriver unprivileged = new CgroupDrivers(() -> true).of(CgroupDriver.Kind.CGROUPFS);
        CgroupPlace place = unprivileged.place("c1", Optional.of(kernel.path("c1")), "");
        assertEquals(kernel.place("c1"), place.own());
        assertEquals(List.of(), place.callers().all());
    }

    private static void skip(String reason) {
        System.out.println("skipped: " + reason);
        abort(reason);
    }
}
