// SPDX-License-Identifier: Apache-2.0
/**
 * JSON, independent of its content: values, reading and writing them, pointers into a document, and text that is safe
 * to show.
 *
 * <p>Go programs read what is written, so it has the form that Go's {@code encoding/json} writes. Code that every call
 * runs avoids what the JVM links only at run time: instead of a switch over types, each value has methods for showing
 * and writing itself.
 */
package dev.jrun.json;
