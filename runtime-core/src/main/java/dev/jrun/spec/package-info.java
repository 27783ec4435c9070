// SPDX-License-Identifier: Apache-2.0
/**
 * {@code config.json} of the OCI runtime specification 1.3 (its Linux part) as immutable records, and their reader.
 *
 * <p>Conventions of all records here:
 *
 * <ul>
 *   <li>A component has the name of its JSON property, unless that is a word of the Java language.
 *   <li>A property that may be absent, and whose absence means something else than every value it can have, is an
 *       {@code Optional}, {@code OptionalInt} or {@code OptionalLong}. JSON's {@code null} is the same as absence.
 *   <li>Where the specification's Go types make no difference between absent and empty, neither do these: a list or map
 *       is then empty, a boolean false, and an object (such as {@link dev.jrun.spec.Linux} or
 *       {@link dev.jrun.spec.Resources}) has nothing set. An empty string is read as an absent one.
 *   <li>No component is ever null. Lists and maps cannot be modified and keep the document's order.
 *   <li>{@code uint32} is a {@code long} in 0…2<sup>32</sup>−1. {@code uint64} is a {@code long} whose 64 bits are
 *       <em>unsigned</em> ({@link java.lang.Long#toUnsignedString(long)}); the Javadoc says where.
 *   <li>Where the specification lists the allowed values of a string, it is an enum. Its constants have the names of
 *       the specification, or those names in upper case.
 * </ul>
 *
 * <p>{@link dev.jrun.spec.reading.ConfigReader} makes them of JSON and finds all problems of a document at once. The
 * constructors check nothing: a record made by hand is only as valid as its maker.
 *
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md">config.md</a>
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md">config-linux.md</a>
 */
package dev.jrun.spec;
