// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.statistics;

import java.util.OptionalLong;

/**
 * Huge pages of one size, in bytes.
 *
 * @param current how much of them is used, or reserved where the kernel counts that
 * @param peak the most that was; cgroup v1 only
 * @param failures how often the limit was in the way
 */
public record HugetlbStatistics(long current, OptionalLong peak, long failures) {}
