// SPDX-License-Identifier: Apache-2.0
/**
 * Who is at the other end of a connection: whether it has the rights that this process has, and sees the world as this
 * does. The same in C is in {@code native-shim/src/identity.c}.
 */
package dev.jrun.engine.peer;
