// SPDX-License-Identifier: Apache-2.0
/**
 * The kernel's numbers and structures: flags, errors, signals, capabilities, numbers of system calls, as its headers
 * have them. Nothing here calls the kernel.
 */
package dev.jrun.kernel;
