// SPDX-License-Identifier: Apache-2.0
/**
 * What is kept of updates of a container's limits: what they have made of them, and how one that did not end is taken
 * back.
 */
package dev.jrun.container.limits;
