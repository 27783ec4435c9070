// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupDirectories;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Resources;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ControllersTest {
    /** Any access to a file would fail. */
    @ParameterizedTest
    @MethodSource("thoseThatLimitOnRequest")
    void whatIsNotAskedForTouchesNoFile(Controller controller) throws CgroupException {
        Cgroup nowhere = new Cgroup(new CgroupDirectories(Optional.of(Path.of("/nowhere")), new TreeMap<>()));

        controller.apply(nowhere, Resources.NONE);
        controller.apply(nowhere, Limits.of("{\"memory\": {}, \"cpu\": {}, \"blockIO\": {}}"));
        controller.apply(
                nowhere,
                Limits.of("{\"memory\": {\"limit\": 0, \"disableOOMKiller\": false},"
                        + " \"cpu\": {\"shares\": 0, \"cpus\": \"\", \"realtimePeriod\": 0, \"realtimeRuntime\": 0},"
                        + " \"pids\": {}, \"blockIO\": {\"weight\": 0, \"leafWeight\": 0},"
                        + " \"network\": {\"classID\": 0}, \"hugepageLimits\": [], \"rdma\": {}, \"unified\": {}}"));
        assertTrue(!nowhere.exists());
    }

    static List<Controller> thoseThatLimitOnRequest() {
        return List.of(
                new CpusetController(),
                new CpuController(),
                new MemoryController(),
                new PidsController(),
                new BlkioController(),
                new HugetlbController(),
                new NetworkClassController(),
                new NetworkPriorityController(),
                new RdmaController(),
                UnifiedFiles.butThoseOfMemory(),
                UnifiedFiles.ofMemory());
    }
}
