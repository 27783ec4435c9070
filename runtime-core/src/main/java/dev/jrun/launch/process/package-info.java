// SPDX-License-Identifier: Apache-2.0
/**
 * What the container's process becomes before it executes: environment, credentials, limits, scheduling, labels,
 * keyring, seccomp filter, and the search for its executable. Each class is about one field of {@code process}, or
 * something that belongs to it, and can be changed without looking elsewhere.
 * {@link dev.jrun.launch.process.ProcessSetup} has the order, and the reasons for it.
 */
package dev.jrun.launch.process;
