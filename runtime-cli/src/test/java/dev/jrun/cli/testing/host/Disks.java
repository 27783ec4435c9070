// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.host;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Disks of this host, of which nothing is read or written. */
public final class Disks {

    private Disks() {}

    /** The numbers of one, as {@code 8:0}; without any, the test is skipped. */
    public static String any() throws IOException {
        try (Stream<Path> disks = Files.list(Path.of("/sys/block"))) {
            Optional<Path> disk = disks.filter(found -> Files.exists(found.resolve("dev")))
                    .sorted()
                    .findFirst();
            if (disk.isEmpty()) {
                System.out.println("skipped: there is no disk");
            }
            assumeTrue(disk.isPresent());
            return Files.readString(disk.get().resolve("dev")).strip();
        }
    }
}
