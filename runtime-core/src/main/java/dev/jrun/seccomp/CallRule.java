// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.spec.Seccomp.Arg;
import java.util.List;

/**
 * What to return for one system call under some conditions.
 *
 * @param conditions all of which must hold, in the order of the arguments, at most one on each
 * @param result what the filter returns
 */
record CallRule(List<Arg> conditions, int result) {}
