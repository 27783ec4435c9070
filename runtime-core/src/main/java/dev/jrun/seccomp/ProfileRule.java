// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import java.util.List;

/**
 * An element of {@code syscalls} in a profile.
 *
 * @param alternatives applied to each of the names
 */
record ProfileRule(List<String> names, List<CallRule> alternatives) {}
