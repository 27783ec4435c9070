// SPDX-License-Identifier: Apache-2.0
/**
 * Namespaces: which are made and by whom, which are joined, and what is set in a new one: its host name, its kernel
 * parameters, its ids, its offsets of time, its loopback device. {@link dev.jrun.launch.namespace.InitProcess} is the
 * birth of init in them; {@link dev.jrun.launch.namespace.NamespaceKind} says what the kernel calls each.
 */
package dev.jrun.launch.namespace;
