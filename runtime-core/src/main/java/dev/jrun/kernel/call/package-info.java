// SPDX-License-Identifier: Apache-2.0
/**
 * The calls that the engine makes as itself, {@link dev.jrun.kernel.call.LinuxCalls}, by jnr-ffi; what has to happen in
 * another process is in launch programs.
 */
package dev.jrun.kernel.call;
