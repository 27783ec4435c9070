// SPDX-License-Identifier: Apache-2.0
/**
 * What a shim does while somebody watches containers. Between two looks it waits alone, without an engine, and then
 * repeats its call.
 */
package dev.jrun.launch.watch;
