// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import dev.jrun.kernel.ResourceLimit;

/**
 * A resource limit, getrlimit(2).
 *
 * @param soft uint64, unsigned; all bits set is {@code RLIM_INFINITY}
 * @param hard uint64, unsigned; all bits set is {@code RLIM_INFINITY}
 */
public record Rlimit(ResourceLimit type, long soft, long hard) {}
