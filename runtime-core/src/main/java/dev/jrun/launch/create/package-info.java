// SPDX-License-Identifier: Apache-2.0
/**
 * The program that makes a container, {@link dev.jrun.launch.create.CreateProgram}. Its parts run in two processes. The
 * shim's are {@link dev.jrun.launch.create.ShimPart}, until init's executable runs or waits for {@code start},
 * {@link dev.jrun.launch.create.EndingPart} from there on, and {@link dev.jrun.launch.create.LaunchRollback} if
 * something fails. Init's are {@link dev.jrun.launch.create.InitPart}, and {@link dev.jrun.launch.create.RootPart} for
 * its root file system. Each is an order of steps; how a step is done is in the packages that {@code launch} names.
 */
package dev.jrun.launch.create;
