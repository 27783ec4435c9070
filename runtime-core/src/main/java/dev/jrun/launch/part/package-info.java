// SPDX-License-Identifier: Apache-2.0
/**
 * Building blocks of launch programs of any kind: messages between init and shim, signals and waiting, descriptors that
 * are kept or closed, identifying a container's cgroup and state directory, and hiding the shim from others. How one of
 * these works can be changed here alone; the meaning of a message or a {@link dev.jrun.launch.part.Tag} concerns both
 * ends.
 */
package dev.jrun.launch.part;
