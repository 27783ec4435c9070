// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

/**
 * A range of user or group ids, user_namespaces(7).
 *
 * @param containerID first id in the container, uint32
 * @param hostID first id on the host, uint32
 * @param size number of ids, uint32
 */
public record IdMapping(long containerID, long hostID, long size) {}
