// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupDirectories;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.KernelCgroups;
import dev.jrun.cgroup.device.DevicePolicyTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** In the layout that this machine has; with the devices controller of cgroup v1 where that is mounted. */
class MountedDevicesControllerTest extends DevicesControllerTest {
    MountedDevicesControllerTest() throws IOException {
        super(KernelCgroups.asMounted());
    }

    @Test
    void theListOfTheDevicesControllerIsThatOfThePolicy() throws IOException {
        Cgroup cgroup = kernel.create("c");
        Optional<Path> legacy = cgroup.paths().legacy("devices");
        assumeTrue(legacy.isPresent(), "no devices controller of cgroup v1");
        new DevicesController().apply(cgroup, resources(DevicePolicyTest.allow("b 8:* r")));

        assertEquals("""
                b *:* m
                b 8:* r
                c *:* m
                c 1:3 rwm
                c 1:5 rwm
                c 1:7 rwm
                c 1:8 rwm
                c 1:9 rwm
                c 5:0 rwm
                c 5:2 rwm
                c 10:200 rwm
                c 136:* rwm
                """, Files.readString(legacy.get().resolve("devices.list")));
    }

    @Test
    void whatAParentDeniesIsAnErrorThatNamesTheRule() throws IOException {
        Cgroup parent = kernel.create("p");
        assumeTrue(parent.paths().legacy("devices").isPresent(), "no devices controller of cgroup v1");
        new DevicesController().apply(parent, resources());
        Cgroup child = kernel.create("p/c");

        CgroupException refused = assertThrows(
                CgroupException.class,
                () -> new DevicesController()
                        .apply(child, resources(DevicePolicyTest.deny("a"), DevicePolicyTest.allow("b 8:0 r"))));
        assertTrue(
                refused.getMessage()
                        .startsWith("config.json#/linux/resources/devices/1: devices controller: write \"b 8:0 r\" to "
                                + child.paths().legacy("devices").orElseThrow().resolve("devices.allow")),
                refused.getMessage());
        assertTrue(refused.getMessage().endsWith(": operation not permitted"), refused.getMessage());
    }

    @Test
    void withoutAnyHierarchyDevicesCannotBeRestricted() throws IOException {
        Cgroup none = new Cgroup(CgroupDirectories.NONE);

        new DevicesController().apply(none, resources(DevicePolicyTest.allow("a")));
        CgroupException refused =
                assertThrows(CgroupException.class, () -> new DevicesController().apply(none, resources()));
        assertEquals("/linux/resources/devices", refused.pointer());
    }
}
