// SPDX-License-Identifier: Apache-2.0
/** What is remembered about updates of a container's limits: their results, and how to undo one that did not end. */
package dev.jrun.container.limits;
