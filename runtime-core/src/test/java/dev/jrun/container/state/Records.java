// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.cgroup.driver.ContainerPlaces;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Hooks;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Records of containers that were never made. */
public final class Records {

    private Records() {}

    public static ContainerRecord of(String id, Map<String, String> annotations) {
        var description = new ContainerDescription(
                "1.3.0",
                new ContainerId(id),
                Path.of("/bundle"),
                Path.of("/bundle/rootfs"),
                Instant.parse("2026-01-02T03:04:05.678901Z"),
                1000,
                Annotations.of(annotations),
                Hooks.NONE,
                Optional.empty(),
                true,
                false);
        return new ContainerRecord(
                description,
                ContainerPlaces.NONE,
                new ProcessIdentity(7, 4_000_000_000_000L, new PidScope("", "")),
                Optional.empty());
    }

    public static ContainerRecord of(String id) {
        return of(id, Map.of());
    }
}
