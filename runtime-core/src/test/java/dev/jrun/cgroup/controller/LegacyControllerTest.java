// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import dev.jrun.cgroup.KernelCgroups;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A controller of cgroup v1, against the kernel. */
abstract class LegacyControllerTest {
    private final Controller controller;
    private KernelCgroups kernel;
    private Cgroup cgroup;

    LegacyControllerTest(Controller controller) {
        this.controller = controller;
    }

    @BeforeEach
    void make() throws IOException {
        kernel = KernelCgroups.asMounted();
        boolean mounted = kernel.place("x").legacy(controller.name()).isPresent();
        if (!mounted) {
            System.out.println("skipped: no cgroup v1 hierarchy with " + controller.name() + " is mounted");
        }
        assumeTrue(mounted);
        cgroup = kernel.create("p/c");
    }

    @AfterEach
    void remove() throws IOException {
        if (kernel != null) {
            kernel.close();
        }
    }

    KernelCgroups kernel() {
        return kernel;
    }

    Cgroup cgroup() {
        return cgroup;
    }

    void apply(String json) throws CgroupException {
        controller.apply(cgroup, Limits.of(json));
    }

    /** Asserts that it is refused, in these words after the name of the controller. */
    void assertRefused(String json, String pointer, String words) {
        CgroupException refused = assertThrows(CgroupException.class, () -> apply(json));
        assertEquals(
                "config.json#" + pointer + ": " + controller.name() + " controller: "
                        + words.replace("DIR", directory().toString()),
                refused.getMessage());
    }

    String read(String name) throws CgroupException {
        return new CgroupFile(directory(), name).read();
    }

    /** Writes to a file of the cgroup above. */
    void writeAbove(String name, String value) throws CgroupException {
        new CgroupFile(directory().getParent(), name).write(value);
    }

    private Path directory() {
        return cgroup.paths().legacy(controller.name()).orElseThrow();
    }
}
