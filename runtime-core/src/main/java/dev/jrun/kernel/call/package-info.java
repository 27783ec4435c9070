// SPDX-License-Identifier: Apache-2.0
/**
 * System calls that the engine itself makes, {@link dev.jrun.kernel.call.LinuxCalls}, through jffi. Whatever must
 * happen in another process is in launch programs.
 */
package dev.jrun.kernel.call;
