// SPDX-License-Identifier: Apache-2.0
/**
 * Verifies the process at the other end of a connection: whether it has the same rights as this process, and sees the
 * world in the same way. The counterpart in C is {@code native-shim/src/identity.c}.
 */
package dev.jrun.engine.peer;
