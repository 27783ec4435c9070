// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: what the arguments of a call mean, and what is printed in return.
 *
 * <p>{@link dev.jrun.cli.Cli} makes a task of a call: an {@link dev.jrun.cli.Answer} without a command, or a
 * {@link dev.jrun.cli.CommandTask}, whose {@link dev.jrun.cli.Action} gives the command an
 * {@link dev.jrun.cli.call.Invocation} and gets an {@link dev.jrun.cli.call.Outcome}, which the shim is told.
 *
 * <p>Nothing here reads the JVM's own arguments, environment, directory or standard streams for a caller: all of these
 * come with the {@link dev.jrun.engine.Call}, and output goes to the shim, which prints it.
 */
package dev.jrun.cli;
