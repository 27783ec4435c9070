// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import dev.jrun.kernel.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Files that the kernel writes while they are read, in /proc and in cgroups. Their size is 0, so
 * {@code Files.readString} takes them for empty until it has read a first byte.
 */
public final class KernelFile {

    /** Enough for nearly all of them. */
    private static final int SIZE = 4096;

    private KernelFile() {}

    /**
     * The contents; empty if there is no such file, or the process that it is about has ended (ESRCH). No other error
     * says so: a process that runs short of descriptors, or may not look, has found out nothing.
     */
    public static Optional<String> readIfPresent(Path path) throws IOException {
        try {
            return Optional.of(read(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            // A file says so whose process ends between open(2) and read(2).
            if (Failures.is(e, Errno.ESRCH)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The contents, which are UTF-8 as paths are by custom; what is not is replaced. */
    public static String read(Path path) throws IOException {
        return LinuxCalls.isLoaded() ? readDirectly(path.toString()) : readByChannel(path);
    }

    private static String readDirectly(String path) throws IOException {
        try {
            return new String(LinuxCalls.read(path), StandardCharsets.UTF_8);
        } catch (LinuxException e) {
            throw named(path, e);
        }
    }

    /** As the JDK says it. */
    private static IOException named(String path, LinuxException error) {
        if (error.is(Errno.ENOENT)) {
            return new NoSuchFileException(path);
        }
        return error.is(Errno.EACCES)
                ? new AccessDeniedException(path)
                : new FileSystemException(path, null, error.reason());
    }

    static String readByChannel(Path path) throws IOException {
        try (SeekableByteChannel file = Files.newByteChannel(path)) {
            ByteBuffer buffer = ByteBuffer.allocate(SIZE);
            while (file.read(buffer) >= 0) {
                if (!buffer.hasRemaining()) {
                    buffer = ByteBuffer.wrap(Arrays.copyOf(buffer.array(), 2 * buffer.capacity()))
                            .position(buffer.position());
                }
            }
            return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        }
    }
}
