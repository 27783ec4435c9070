// SPDX-License-Identifier: Apache-2.0
/**
 * What the container's process becomes before it executes: environment, credentials, limits, scheduling, labels,
 * keyring, seccomp filter, and the search for its executable. Each class is one field of {@code process} or of what
 * belongs to it, and may be changed without looking elsewhere; which comes before which, and why, is in
 * {@link dev.jrun.launch.InitPart}.
 */
package dev.jrun.launch.process;
