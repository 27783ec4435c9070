// SPDX-License-Identifier: Apache-2.0
/**
 * The operations of a container's life, one class each: {@link dev.jrun.container.Create},
 * {@link dev.jrun.container.Start}, {@link dev.jrun.container.Kill}, {@link dev.jrun.container.Delete} and so on. What
 * they share is below: {@code state} is what is known of a container and kept of it, {@code launch} is how one comes to
 * be and is taken back.
 *
 * <p>An operation that has to act as its caller does so through a {@link dev.jrun.program.Session}; the state directory
 * and cgroups are the engine's own. Whatever ends an operation midway, {@link dev.jrun.container.state.StateStore}
 * knows what was made, since it is told before anything else is, and any later operation on the same id can remove it.
 */
package dev.jrun.container;
