// SPDX-License-Identifier: Apache-2.0
/**
 * Building blocks of launch programs of any kind: signals and waiting, files and descriptors, identifying a container's
 * cgroup and state directory, and hiding the shim from others. How one of these works can be changed here alone; the
 * meaning of a {@link dev.jrun.launch.part.Tag} concerns the engine and the program.
 */
package dev.jrun.launch.part;
