// SPDX-License-Identifier: Apache-2.0
/** A shim that has no engine: {@link dev.jrun.embedding.shim.ShimProcess} starts it, and says what it does. */
package dev.jrun.embedding.shim;
