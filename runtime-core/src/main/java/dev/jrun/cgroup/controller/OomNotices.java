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
     * On cgroup v1: {@code memory.oom_control}, about which an eventfd is signalled that was registered in
     * {@code cgroup.event_control}, also when the cgroup is removed; "OOM Control" of the kernel's documentation.
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
     * @param kills how many that were when it was looked up
     * @param killsOnHost how many were on the whole host just before: {@code oom_kill} of {@code /proc/vmstat}
     */
    record Unified(Path directory, long kills, long killsOnHost) implements OomNotices {

        private static final String EVENTS = "memory.events";
        private static final String KILLS = "oom_kill";

        /** If the cgroup is gone, what was known of it last. */
        @Override
        public OomNotices now() throws CgroupException {
            Optional<Unified> now = of(directory);
            return now.isPresent() ? now.get() : this;
        }

        private static Optional<Unified> of(Path directory) throws CgroupException {
            Optional<String> onHost = new CgroupFile(Path.of("/proc/vmstat")).readKey(KILLS);
            Optional<String> kills = new CgroupFile(directory, EVENTS).readKey(KILLS);
            return kills.isPresent()
                    ? Optional.of(new Unified(
                            directory,
                            Long.parseLong(kills.get()),
                            onHost.isPresent() ? Long.parseLong(onHost.get()) : 0))
                    : Optional.empty();
        }
    }

    /** Of a cgroup that exists; empty where no controller limits its memory. */
    static Optional<OomNotices> of(Cgroup cgroup) throws CgroupException {
        Optional<Path> legacy = cgroup.paths().legacy("memory");
        if (legacy.isPresent()) {
            return Optional.of(new Legacy(legacy.get()));
        }
        Optional<Path> unified = cgroup.paths().unified();
        if (unified.isEmpty()) {
            return Optional.empty();
        }
        Optional<Unified> notices = Unified.of(unified.get());
        return notices.isPresent() ? Optional.of(notices.get()) : Optional.empty();
    }
}
