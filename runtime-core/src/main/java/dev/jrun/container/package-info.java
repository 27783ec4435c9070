// SPDX-License-Identifier: Apache-2.0
/**
 * The operations of a container's life, one class each, and the store of containers' states.
 *
 * <p>An operation that has to act as its caller does so through a {@link dev.jrun.program.Session}; the state directory and
 * cgroups are the engine's own. Whatever ends an operation midway, {@link dev.jrun.container.StateStore} knows what was made,
 * since it is told before anything else is, and any later operation on the same id can remove it.
 */
package dev.jrun.container;
