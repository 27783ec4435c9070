// SPDX-License-Identifier: Apache-2.0
/**
 * From a configuration to the launch programs that make the kernel run it.
 *
 * <p>{@link dev.jrun.launch.LaunchRequest} says what a launch is to do; the program is in {@code create}, that of
 * {@code exec} in the package of that name. This package has what both share, and programs with few steps. How a step
 * is done is in the packages below: {@code part}, {@code child}, {@code rootfs}, {@code process}, {@code namespace},
 * {@code hook}, {@code netdev}, {@code notify}, {@code terminal}. A question to the engine on the way is a tag of
 * {@link dev.jrun.launch.part.Tag}. Nothing here knows about sockets, state files or the command line.
 */
package dev.jrun.launch;
