// SPDX-License-Identifier: Apache-2.0
/**
 * {@code NOTIFY_SOCKET} of sd_notify(3): a socket of the container's own, on which it says that it is ready, and what
 * is said of that to the service manager of the caller. Nothing else that the container sends gets there.
 */
package dev.jrun.launch.notify;
