// SPDX-License-Identifier: Apache-2.0
/**
 * JSON, whatever it is about: its values, reading and writing them, pointers into a document, and its text as it may be
 * shown.
 *
 * <p>What is written is read by programs that are written in Go, so it looks as Go's {@code encoding/json} has it. What
 * is run for every call avoids what the JVM links at run time only: each value says itself how it is shown and written,
 * where a switch over types would do.
 */
package dev.jrun.json;
