// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.KernelFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/** A control file of a cgroup. */
public record CgroupFile(Path path) {
    public CgroupFile(Path directory, String name) {
        this(directory.resolve(name));
    }

    /** The contents without white space at its ends. */
    public String read() throws CgroupException {
        try {
            return KernelFile.read(path).strip();
        } catch (IOException error) {
            throw new CgroupException("read " + path + ": " + Failures.reason(error), error);
        }
    }

    /** Like {@link #read}, but empty if the file or its cgroup does not exist (any more). */
    public Optional<String> readIfPresent() throws CgroupException {
        try {
            return Optional.of(KernelFile.read(path).strip());
        } catch (IOException error) {
            if (isGone(path, error)) {
                return Optional.empty();
            }
            throw new CgroupException("read " + path + ": " + Failures.reason(error), error);
        }
    }

    /** The words of a file that is a list, such as {@code cgroup.controllers}. */
    public Set<String> readWords() throws CgroupException {
        String text = read();
        return text.isEmpty() ? Set.of() : Set.of(text.replace('\n', ' ').split(" "));
    }

    /** The value of a key in a file of lines {@code key value}, such as {@code cgroup.events}. */
    public Optional<String> readKey(String key) throws CgroupException {
        return readIfPresent()
                .flatMap(text -> text.lines()
                        .filter(line -> line.startsWith(key + " "))
                        .map(line -> line.substring(key.length() + 1))
                        .findFirst());
    }

    /** Writes in one write(2), as the kernel wants it, to a file that exists. */
    public void write(String value) throws CgroupException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(value.getBytes(UTF_8)));
        } catch (IOException error) {
            throw new CgroupException("write \"" + value + "\" to " + path + ": " + Failures.reason(error), error);
        }
    }

    /**
     * Whether a file could not be read because its cgroup was removed: then it cannot be opened, or, if it was open
     * already, not be read (ENODEV).
     */
    static boolean isGone(Path file, IOException error) {
        return error instanceof NoSuchFileException || Files.notExists(file);
    }
}
