// SPDX-License-Identifier: Apache-2.0
/**
 * What goes on for as long as somebody watches containers. Between two looks the shim waits alone, and then makes its
 * call again: no engine is kept for that, and none is missed.
 */
package dev.jrun.launch.watch;
