// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Freezes and thaws all processes of a cgroup, which do not notice it. */
sealed interface Freezer {
    /**
     * The one for these directories: the freezer controller of cgroup v1 if that is mounted, else
     * {@code cgroup.freeze}.
     *
     * @return empty if there is neither (before Linux 5.2, cgroup v2 had none)
     */
    static Optional<Freezer> of(CgroupDirectories paths) {
        Optional<Freezer> legacy = paths.legacy("freezer").map(Legacy::new);
        return legacy.isPresent()
                ? legacy
                : paths.unified()
                        .filter(path -> !Files.notExists(path.resolve("cgroup.freeze")))
                        .map(Unified::new);
    }

    /**
     * Freezes, and waits until all processes are. Whatever comes in between, they are thawed again then.
     *
     * @throws CgroupException also if it took longer than {@code limit}
     */
    void freeze(Duration limit) throws CgroupException;

    void thaw() throws CgroupException;

    /** Whether the cgroup was asked to freeze and not to thaw; false if it does not exist. */
    boolean isFrozen() throws CgroupException;

    /** {@code cgroup.freeze} and {@code cgroup.events}. */
    record Unified(Path directory) implements Freezer {
        @Override
        public void freeze(Duration limit) throws CgroupException {
            boolean frozen = false;
            try {
                new CgroupFile(directory, "cgroup.freeze").write("1");
                awaitFrozen(limit);
                frozen = true;
            } finally {
                if (!frozen) {
                    thaw();
                }
            }
        }

        private void awaitFrozen(Duration limit) throws CgroupException {
            CgroupFile events = new CgroupFile(directory, "cgroup.events");
            Backoff backoff = new Backoff(limit);
            while (!events.readKey("frozen").equals(Optional.of("1"))) {
                if (!backoff.pause()) {
                    throw tooSlow(directory, limit);
                }
            }
        }

        @Override
        public void thaw() throws CgroupException {
            new CgroupFile(directory, "cgroup.freeze").write("0");
        }

        @Override
        public boolean isFrozen() throws CgroupException {
            return new CgroupFile(directory, "cgroup.freeze").readIfPresent().equals(Optional.of("1"));
        }
    }

    /** {@code freezer.state} of the freezer controller of cgroup v1. */
    record Legacy(Path directory) implements Freezer {
        @Override
        public void freeze(Duration limit) throws CgroupException {
            boolean frozen = false;
            try {
                freezeAndAwait(limit);
                frozen = true;
            } finally {
                if (!frozen) {
                    thaw();
                }
            }
        }

        private void freezeAndAwait(Duration limit) throws CgroupException {
            CgroupFile state = new CgroupFile(directory, "freezer.state");
            Backoff backoff = new Backoff(limit);
            do {
                // It can stay FREEZING for ever if a process forks at the wrong moment; asking again helps
                // (freezer-subsystem.rst of the kernel).
                state.write("FROZEN");
                if (state.read().equals("FROZEN")) {
                    return;
                }
            } while (backoff.pause());
            throw tooSlow(directory, limit);
        }

        @Override
        public void thaw() throws CgroupException {
            new CgroupFile(directory, "freezer.state").write("THAWED");
        }

        @Override
        public boolean isFrozen() throws CgroupException {
            return new CgroupFile(directory, "freezer.state")
                    .readIfPresent()
                    .filter(state -> !state.equals("THAWED"))
                    .isPresent();
        }
    }

    private static CgroupException tooSlow(Path directory, Duration limit) {
        return new CgroupException(
                "freezer: the processes in %s did not freeze within %d ms".formatted(directory, limit.toMillis()));
    }
}
