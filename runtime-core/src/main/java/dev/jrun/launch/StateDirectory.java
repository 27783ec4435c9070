// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import java.nio.file.Path;

/**
 * Where a container's state is kept.
 *
 * @param path the directory, absolute
 * @param file the only file in it when the container has ended and its network devices were given back
 * @param lockFile whoever changes the state holds a lock on one byte of it, fcntl_locking(2)
 * @param lockByte which one
 */
public record StateDirectory(Path path, Path file, Path lockFile, long lockByte) {}
