// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import java.nio.file.Path;
import java.util.Optional;

/** Where it is said that a cgroup ran out of memory. */
public sealed interface OomNotices {

    /** The cgroup's directory. */
    Path directory();

    /** The same, with what the host says now. */
    OomNotices now() throws CgroupException;

    /**
     * On cgroup v1: {@code memory.oom_control}, about which an eventfd is signalled that was registered in {@code
     * cgroup.event_control}, also when the cgroup is removed; "OOM Control" of the kernel's documentation.
     */
    record Legacy(Path directory) implements OomNotices {
        @Override
        public OomNotices now() {
            return this;
        }
    }

    /**
     * On cgroup v2: {@code memory.events}, which counts the processes that were killed in the cgroup and below.
     *
     * @param killsOnHost how many were on the whole host when this was looked up: {@code oom_kill} of {@code /proc/vmstat}
     */
    record Unified(Path directory, long killsOnHost) implements OomNotices {
        @Override
        public OomNotices now() throws CgroupException {
            return of(directory);
        }

        private static Unified of(Path directory) throws CgroupException {
            Optional<String> kills = new CgroupFile(Path.of("/proc/vmstat")).readKey("oom_kill");
            return new Unified(directory, kills.isPresent() ? Long.parseLong(kills.get()) : 0);
        }
    }

    /** Of a cgroup that exists; empty where no controller limits its memory. */
    static Optional<OomNotices> of(Cgroup cgroup) throws CgroupException {
        Optional<Path> legacy = cgroup.paths().legacy("memory");
        if (legacy.isPresent()) {
            return Optional.of(new Legacy(legacy.get()));
        }
        Optional<Path> unified = cgroup.paths().unified();
        return unified.isPresent()
                        && ControllerFiles.ofUnified(cgroup, "memory").have("memory.events")
                ? Optional.of(Unified.of(unified.get()))
                : Optional.empty();
    }
}
