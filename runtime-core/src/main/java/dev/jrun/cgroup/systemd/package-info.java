// SPDX-License-Identifier: Apache-2.0
/**
 * What systemd is asked for: units that containers run in. {@link dev.jrun.cgroup.systemd.UnitManager} is the way to
 * it, over the one connection of an engine ({@link dev.jrun.cgroup.systemd.Bus}). What it is told are properties, of
 * which pure functions say what they are: of limits, of devices, of annotations.
 *
 * @see <a
 *     href="https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.systemd1.html">org.freedesktop.systemd1(5)</a>
 * @see <a href="https://systemd.io/CGROUP_DELEGATION/">Control Group APIs and Delegation</a>
 */
package dev.jrun.cgroup.systemd;
