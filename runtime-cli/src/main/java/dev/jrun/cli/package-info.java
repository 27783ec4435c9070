// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: what the arguments of a call mean, and what is printed in return.
 *
 * <p>Nothing here reads the JVM's own arguments, environment, directory or standard streams for a caller: all of these
 * come with the {@link dev.jrun.engine.Call}, and output goes to the shim, which prints it.
 */
package dev.jrun.cli;
