// SPDX-License-Identifier: Apache-2.0
/**
 * What a config.json must be, on this host and for this caller, before a container is made of it, and what is said of
 * it.
 */
package dev.jrun.container.check;
