// SPDX-License-Identifier: Apache-2.0
/**
 * Namespaces: which are made and by whom, which are joined, and what is set up in a new one: host name, kernel
 * parameters, id mappings, time offsets, loopback device. {@link dev.jrun.launch.namespace.InitProcess} is the birth of
 * init in them; {@link dev.jrun.launch.namespace.KernelNamespace} says what the kernel calls each.
 */
package dev.jrun.launch.namespace;
