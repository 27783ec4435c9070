// SPDX-License-Identifier: Apache-2.0
/**
 * The shim and the process that it makes, which becomes the container's: their pair of sockets, what one tells the
 * other over it, and how each learns of the other's end. {@link dev.jrun.launch.child.ShimConnection} is the process's
 * side, {@link dev.jrun.launch.child.Child} and {@link dev.jrun.launch.child.ChildMessages} are the shim's. The meaning
 * of a {@link dev.jrun.launch.child.Message} concerns both.
 */
package dev.jrun.launch.child;
