// SPDX-License-Identifier: Apache-2.0
/**
 * How a container is made, and undone: reading its bundle, checking its requests against this host, planning, having a
 * shim run the launch program, and removing what was made if that fails or when the container is deleted.
 */
package dev.jrun.container.launch;
