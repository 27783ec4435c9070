// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.CgroupPaths;
import dev.jrun.cgroup.OwnDirectories;
import dev.jrun.spec.Hooks;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Records of containers that were never made. */
final class Records {

    private Records() {}

    static ContainerRecord of(String id, Map<String, String> annotations) {
        return new ContainerRecord(
                "1.3.0",
                new ContainerId(id),
                Path.of("/bundle"),
                Path.of("/bundle/rootfs"),
                Instant.parse("2026-01-02T03:04:05.678901Z"),
                1000,
                annotations,
                Hooks.NONE,
                Optional.empty(),
                CgroupPaths.NONE,
                List.of(),
                OwnDirectories.NONE,
                true,
                new ProcessIdentity(7, 4_000_000_000_000L),
                Optional.empty(),
                new TreeMap<>(),
                List.of());
    }

    static ContainerRecord of(String id) {
        return of(id, Map.of());
    }
}
