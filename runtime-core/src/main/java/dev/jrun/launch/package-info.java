// SPDX-License-Identifier: Apache-2.0
/**
 * From a configuration to the launch programs that make the kernel run it.
 *
 * <p>{@link dev.jrun.launch.CreateProgram} is the entry: its parent part runs in the shim that the caller started, its
 * init part in the container's first process. Each other class assembles the instructions for one concern. What has to
 * be asked of the engine on the way is a tag of {@link dev.jrun.launch.Tag}. This package knows nothing of sockets, state
 * files and the command line.
 */
package dev.jrun.launch;
