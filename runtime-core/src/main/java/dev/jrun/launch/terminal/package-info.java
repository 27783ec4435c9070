// SPDX-License-Identifier: Apache-2.0
/**
 * The terminal of a process in a container: a pseudoterminal that the process makes for itself, in the container's
 * devpts and by descriptors alone, and what happens to its master side.
 */
package dev.jrun.launch.terminal;
