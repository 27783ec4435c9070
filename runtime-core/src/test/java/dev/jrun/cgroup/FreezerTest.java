// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel never does on demand: a freezer that cannot be read once it was written to. In plain directories. */
class FreezerTest {

    private static final Duration LIMIT = Duration.ofMillis(20);

    @TempDir
    Path directory;

    @Test
    void whatIsNotSeenToBeFrozenIsThawedOnCgroupV2() throws IOException {
        Path freeze = Files.writeString(directory.resolve("cgroup.freeze"), "0");
        Files.createDirectory(directory.resolve("cgroup.events"));
        Freezer freezer = Freezer.of(new CgroupDirectories(Optional.of(directory), new TreeMap<>()))
                .orElseThrow();

        assertThrows(CgroupException.class, () -> freezer.freeze(LIMIT));
        assertEquals("0", Files.readString(freeze));
    }

    @Test
    void whatDoesNotFreezeInTimeIsThawed() throws IOException {
        Path freeze = Files.writeString(directory.resolve("cgroup.freeze"), "0");
        Files.writeString(directory.resolve("cgroup.events"), "populated 1\nfrozen 0\n");
        Freezer freezer = Freezer.of(new CgroupDirectories(Optional.of(directory), new TreeMap<>()))
                .orElseThrow();

        assertThrows(CgroupException.class, () -> freezer.freeze(LIMIT));
        assertEquals("0", Files.readString(freeze));
    }
}
