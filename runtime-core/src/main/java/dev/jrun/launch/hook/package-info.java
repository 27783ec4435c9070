// SPDX-License-Identifier: Apache-2.0
/**
 * The container's hooks: when they run ({@link dev.jrun.launch.hook.HookPoint}), where
 * ({@link dev.jrun.launch.hook.HookPlace}), with what input, and what happens to their output and their exit status.
 * {@link dev.jrun.launch.hook.LaunchHooks} are those of a launch, {@link dev.jrun.launch.hook.HookProgram} those that
 * run without one.
 */
package dev.jrun.launch.hook;
