// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a container's state is kept.
 *
 * @param path the directory, absolute
 * @param files all that is in it when the container has ended and its network devices were given back, in the order in
 *     which they are removed; the last one is there as long as the container is
 * @param lockFile whoever changes the state holds a lock on one byte of it, fcntl_locking(2)
 * @param lockByte which one
 */
public record StateDirectory(Path path, List<String> files, Path lockFile, long lockByte) {
    public StateDirectory {
        files = List.copyOf(files);
    }
}
