// SPDX-License-Identifier: Apache-2.0
/**
 * Where containers' cgroups are, and what is in them. Other packages make and remove them through a
 * {@link dev.jrun.cgroup.driver.CgroupDriver}, and know no directories.
 *
 * <p>{@link dev.jrun.cgroup.CgroupHost} knows which cgroup hierarchies this host has, and
 * {@link dev.jrun.cgroup.CgroupPlacement} where a new container belongs in them;
 * {@link dev.jrun.cgroup.CgroupDirectories} is that place, as the container's state keeps it; a
 * {@link dev.jrun.cgroup.CgroupCreation} makes it; {@link dev.jrun.cgroup.Cgroup} freezes and removes it, and
 * {@link dev.jrun.cgroup.CgroupProcesses} ends what is inside; a {@link dev.jrun.cgroup.controller.Controller} applies
 * its part of {@code linux.resources} to it.
 *
 * <p>This code runs in every cold start. What the JVM generates at run time costs milliseconds each there, and no AOT
 * cache has it: {@code equals}, {@code hashCode} and {@code toString} that a record does not define itself, and the
 * combinators of {@link java.util.Comparator}. So the code here avoids them.
 *
 * <p>Nothing here moves a process into a cgroup. The process does so itself, in a launch program, for which
 * {@link dev.jrun.cgroup.CgroupEntry} says where and how. What a container sees of the hierarchies is a
 * {@link dev.jrun.cgroup.CgroupView}.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html">cgroup v2</a>
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/">cgroup v1</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/cgroups.7.html">cgroups(7)</a>
 */
package dev.jrun.cgroup;
