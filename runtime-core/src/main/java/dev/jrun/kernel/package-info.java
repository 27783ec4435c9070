// SPDX-License-Identifier: Apache-2.0
/**
 * The kernel's numbers and structures, as in its headers: flags, errors, signals, capabilities, system call numbers.
 * Nothing here calls the kernel.
 */
package dev.jrun.kernel;
