// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

/**
 * Where a container belongs.
 *
 * @param own the cgroups that it has to itself
 * @param callers those of the caller in which it stays in the other hierarchies, since the caller may not make any there
 */
public record CgroupPlace(CgroupDirectories own, CgroupDirectories callers) {}
