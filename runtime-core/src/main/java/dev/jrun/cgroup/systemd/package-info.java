// SPDX-License-Identifier: Apache-2.0
/**
 * Units of systemd that containers run in. {@link dev.jrun.cgroup.systemd.UnitManager} asks systemd for them, over the
 * engine's only connection ({@link dev.jrun.cgroup.systemd.Bus}). Pure functions compute a unit's properties: for
 * limits, for devices, for annotations.
 *
 * @see <a
 *     href="https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.systemd1.html">org.freedesktop.systemd1(5)</a>
 * @see <a href="https://systemd.io/CGROUP_DELEGATION/">Control Group APIs and Delegation</a>
 */
package dev.jrun.cgroup.systemd;
