// SPDX-License-Identifier: Apache-2.0
/**
 * {@code linux.netDevices}: network devices that are moved into the container and given back, with rtnetlink(7). Only
 * this package uses netlink.
 */
package dev.jrun.launch.netdev;
