// SPDX-License-Identifier: Apache-2.0
/**
 * The engine's side of the conversation with shims: frames, sessions, the server and its lifetime.
 *
 * <p>The protocol is defined in {@code docs/launch-programs.md}. Every call goes to a
 * {@link dev.jrun.engine.CallHandler}, so this package knows no commands.
 */
package dev.jrun.engine;
