// SPDX-License-Identifier: Apache-2.0
/**
 * Shares of caches and of memory bandwidth: the groups of the kernel's resctrl file system, which are directories as
 * cgroups are, and are known to be a container's in the same way ({@link dev.jrun.cgroup.OwnDirectories}).
 */
package dev.jrun.cgroup.resctrl;
