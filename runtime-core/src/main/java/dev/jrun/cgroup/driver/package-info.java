// SPDX-License-Identifier: Apache-2.0
/**
 * How all other packages get at containers' cgroups. A {@link dev.jrun.cgroup.driver.CgroupDriver} makes, limits and
 * removes them. Its kind is the one that the caller asks for, or the one in the container's record
 * ({@link dev.jrun.cgroup.driver.ContainerPlaces}).
 *
 * <p>Another driver, such as systemd's, is a class beside {@link dev.jrun.cgroup.driver.FileSystemDriver}, a
 * {@link dev.jrun.cgroup.driver.CgroupDriver.Kind} and a line in {@link dev.jrun.cgroup.driver.CgroupDrivers}. What it
 * must know about a container later is a field of {@code ContainerPlaces}, and a line in
 * {@link dev.jrun.cgroup.driver.PlacesFormat}.
 */
package dev.jrun.cgroup.driver;
