// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.statistics;

import java.util.OptionalLong;

/**
 * Tasks, which are processes and their threads; on cgroup v2 without the controller, processes.
 *
 * @param current how many there are
 * @param limit how many there may be; empty: any number
 */
public record PidsStatistics(long current, OptionalLong limit) {}
