// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

/**
 * New contents for a part of the image of a waiting program.
 *
 * @param offset where, as {@link Program#offset} gives it
 * @param bytes what
 */
public record Patch(int offset, byte[] bytes) {}
