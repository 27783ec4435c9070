// SPDX-License-Identifier: Apache-2.0
/**
 * What is required of a config.json, on this host and for this caller, before a container is made from it, and how
 * problems are reported.
 */
package dev.jrun.container.check;
