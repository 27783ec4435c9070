// SPDX-License-Identifier: Apache-2.0
/**
 * What several launch programs are made of, whatever they are for: messages between init and shim, signals and waiting,
 * descriptors that are kept or closed, what tells one container's cgroup and state directory from another's, and what
 * keeps others from looking into the shim. How one of these works may be changed here alone; what a message or a
 * {@link dev.jrun.launch.part.Tag} means, both ends read.
 */
package dev.jrun.launch.part;
