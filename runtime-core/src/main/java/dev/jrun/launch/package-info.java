// SPDX-License-Identifier: Apache-2.0
/**
 * From a configuration to the launch programs that make the kernel run it.
 *
 * <p>{@link dev.jrun.launch.CreateProgram} is the entry: its parent part runs in the shim that the caller started, its
 * init part ({@link dev.jrun.launch.InitPart}) in the container's first process. This package has the programs
 * themselves and the order of their steps. How each step is done is in the packages below: {@code part},
 * {@code rootfs}, {@code process}, {@code namespace}, {@code hook}, {@code netdev}. A question to the engine on the way
 * is a tag of {@link dev.jrun.launch.part.Tag}. Nothing here knows about sockets, state files or the command line.
 */
package dev.jrun.launch;
