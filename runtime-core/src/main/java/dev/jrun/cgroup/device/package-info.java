// SPDX-License-Identifier: Apache-2.0
/**
 * Device rules of cgroups: what a list of rules allows as a whole ({@link dev.jrun.cgroup.device.DevicePolicy}), and
 * the eBPF program that enforces it on cgroup v2 ({@link dev.jrun.cgroup.device.DeviceProgram}).
 */
package dev.jrun.cgroup.device;
