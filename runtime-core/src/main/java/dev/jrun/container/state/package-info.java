// SPDX-License-Identifier: Apache-2.0
/**
 * What is known of containers: their records and where these are kept ({@link dev.jrun.container.state.StateStore}),
 * who may change them at a time ({@link dev.jrun.container.state.ContainerLocks}), and whether their processes live
 * ({@link dev.jrun.container.state.ProcessIdentity}). A field of the record is in
 * {@link dev.jrun.container.state.RecordFormat} and in one of the records that
 * {@link dev.jrun.container.state.ContainerRecord} is made of.
 */
package dev.jrun.container.state;
