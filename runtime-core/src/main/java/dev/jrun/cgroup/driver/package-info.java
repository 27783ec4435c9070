// SPDX-License-Identifier: Apache-2.0
/**
 * The way to containers' cgroups for all other packages. A {@link dev.jrun.cgroup.driver.CgroupDriver} makes, limits
 * and removes them: one of the kind that is asked for, or that is in a container's record
 * ({@link dev.jrun.cgroup.driver.ContainerPlaces}).
 *
 * <p>Another driver, such as systemd's, is a class beside {@link dev.jrun.cgroup.driver.FileSystemDriver}, a
 * {@link dev.jrun.cgroup.driver.CgroupDriver.Kind} and a line in {@link dev.jrun.cgroup.driver.CgroupDrivers}. What it
 * has to know of a container later is a field of {@code ContainerPlaces}, and a line in
 * {@link dev.jrun.cgroup.driver.PlacesFormat}.
 */
package dev.jrun.cgroup.driver;
