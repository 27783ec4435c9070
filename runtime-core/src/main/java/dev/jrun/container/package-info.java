// SPDX-License-Identifier: Apache-2.0
/**
 * The operations of a container's life, one class each: {@link dev.jrun.container.Create},
 * {@link dev.jrun.container.Start}, {@link dev.jrun.container.Kill}, {@link dev.jrun.container.Delete} and so on;
 * {@code state} is {@link dev.jrun.container.ShowState}, {@code list} {@link dev.jrun.container.ListContainers},
 * {@code ps} {@link dev.jrun.container.Processes}. What they share is in the packages below: {@code state} is what is
 * known and recorded about a container, {@code launch} is how one is made and undone. Most of {@code exec} and
 * {@code update} is in the packages of these names.
 *
 * <p>An operation that must act as its caller does so through a {@link dev.jrun.program.Session}; the engine itself
 * handles the state directory and cgroups. Whatever interrupts an operation,
 * {@link dev.jrun.container.state.StateStore} knows what was made, because that is recorded first, and any later
 * operation on the same id can remove it.
 */
package dev.jrun.container;
