// SPDX-License-Identifier: Apache-2.0
/**
 * How a container comes to be, and is taken back: reading its bundle, checking what it asks for against this host,
 * planning, running the launch program with a shim, and removing what was made when it fails or when the container is
 * deleted.
 */
package dev.jrun.container.launch;
