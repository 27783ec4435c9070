// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** What a cgroup says about its limit of memory and swap together. */
public final class MemoryAndSwap {

    private static final String CONTROLLER = "memory";
    private static final String LEGACY_SUM = "memory.memsw.limit_in_bytes";
    private static final String UNIFIED_LIMIT = "memory.max";
    private static final String UNIFIED_SWAP = "memory.swap.max";

    private final Optional<Path> legacy;
    private final Optional<Path> unified;

    public MemoryAndSwap(Cgroup cgroup) {
        this.legacy = cgroup.paths().legacy(CONTROLLER);
        this.unified = cgroup.paths().unified();
    }

    /** Whether the kernel keeps such a limit itself, as cgroup v1 does; v2 has one for each. */
    public boolean areOfTheirSum() {
        return legacy.isPresent();
    }

    /** The sum; empty if there is no limit of one of the two, or the kernel does not count swap. */
    public OptionalLong sum() throws CgroupException {
        if (legacy.isPresent()) {
            return limit(legacy.get(), LEGACY_SUM);
        }
        if (unified.isEmpty()) {
            return OptionalLong.empty();
        }
        OptionalLong memory = limit(unified.get(), UNIFIED_LIMIT);
        OptionalLong swap = limit(unified.get(), UNIFIED_SWAP);
        return memory.isPresent() && swap.isPresent()
                ? OptionalLong.of(memory.getAsLong() + swap.getAsLong())
                : OptionalLong.empty();
    }

    private static OptionalLong limit(Path directory, String name) throws CgroupException {
        Optional<String> text = new CgroupFile(directory, name).readIfPresent();
        if (text.isEmpty() || text.get().equals("max")) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text.get()));
        } catch (NumberFormatException e) {
            throw new CgroupException(directory.resolve(name) + " has \"" + text.get() + "\", which is no limit", e);
        }
    }
}
