// SPDX-License-Identifier: Apache-2.0
/**
 * The container's root file system: mounts, devices, masks, and how the root becomes the root.
 * {@link dev.jrun.launch.rootfs.ContainerRoot} is what the others share: no path is walked but beneath the root's
 * descriptor. {@link dev.jrun.launch.rootfs.Mounts} decides how a mount is made,
 * {@link dev.jrun.launch.rootfs.MountCalls} by which calls. All of it may be changed without looking elsewhere; the
 * order of its steps is in {@link dev.jrun.launch.InitPart}.
 */
package dev.jrun.launch.rootfs;
