// SPDX-License-Identifier: Apache-2.0
/**
 * From JSON to the records of {@link dev.jrun.spec}, with all problems of a document at once. A {@code …Binding} reads
 * one object of the specification by the names and types of its properties; a {@code …Checks} or {@code …Needs} checks
 * what the types do not say.
 */
package dev.jrun.spec.reading;
