// SPDX-License-Identifier: Apache-2.0
/**
 * From a configuration to the launch programs that make the kernel run it.
 *
 * <p>{@link dev.jrun.launch.CreateProgram} is the entry: its parent part runs in the shim that the caller started, its
 * init part ({@link dev.jrun.launch.InitPart}) in the container's first process. Here are the programs themselves, and
 * the order in which one thing is done after the other; how each thing is done is in the rooms below: {@code part},
 * {@code rootfs}, {@code process}, {@code namespace}, {@code hook}, {@code netdev}. What has to be asked of the engine
 * on the way is a tag of {@link dev.jrun.launch.part.Tag}. Nothing here knows of sockets, state files and the command
 * line.
 */
package dev.jrun.launch;
