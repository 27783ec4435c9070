// SPDX-License-Identifier: Apache-2.0
/**
 * {@code linux.netDevices}: network devices that are moved into the container and given back, by rtnetlink(7). Nothing
 * else speaks netlink.
 */
package dev.jrun.launch.netdev;
