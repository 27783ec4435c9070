// SPDX-License-Identifier: Apache-2.0
/**
 * {@code NOTIFY_SOCKET} of sd_notify(3): the container's own socket, on which it says that it is ready, and what the
 * caller's service manager is told about that. Nothing else that the container sends reaches it.
 */
package dev.jrun.launch.notify;
