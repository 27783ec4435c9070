// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.host;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk of some megabytes that tests may write to: a loop device, see losetup(8). */
public record LoopDisk(Path device) implements AutoCloseable {

    private static final long BYTES = 16 << 20;

    /** One whose content is a new file in a directory; where there are none, the test is skipped. */
    public static LoopDisk in(Path directory) throws IOException {
        Programs.need("losetup");
        Programs.skipUnless(Files.exists(Path.of("/dev/loop-control")), "there are no loop devices");
        Path content = directory.resolve("disk");
        try (RandomAccessFile file = new RandomAccessFile(content.toFile(), "rw")) {
            file.setLength(BYTES);
        }
        return new LoopDisk(Path.of(Programs.run("losetup", "--find", "--show", content.toString())
                .output()
                .strip()));
    }

    /** Its numbers, as {@code 7:0}. */
    String numbers() throws IOException {
        return Files.readString(Path.of("/sys/block", device.getFileName().toString(), "dev"))
                .strip();
    }

    public int major() throws IOException {
        return Integer.parseInt(numbers().split(":")[0]);
    }

    public int minor() throws IOException {
        return Integer.parseInt(numbers().split(":")[1]);
    }

    @Override
    public void close() {
        Programs.run("losetup", "--detach", device.toString());
    }
}
