// SPDX-License-Identifier: Apache-2.0
/**
 * The container's root file system: mounts, devices, masks, and the change of the root.
 * {@link dev.jrun.launch.rootfs.ContainerRoot} is what the others share: every path is walked beneath the root's
 * descriptor. {@link dev.jrun.launch.rootfs.Mounts} decides how a mount is made,
 * {@link dev.jrun.launch.rootfs.MountCalls} by which calls. All of this can be changed without looking elsewhere. The
 * order of its steps is in {@link dev.jrun.launch.create.RootPart}.
 */
package dev.jrun.launch.rootfs;
