// SPDX-License-Identifier: Apache-2.0
/**
 * What is known about containers: their records and where these are kept ({@link dev.jrun.container.state.StateStore}),
 * the locks under which they are changed ({@link dev.jrun.container.state.ContainerLocks}), and whether their processes
 * are alive ({@link dev.jrun.container.state.ProcessIdentity}). A field of the record is in
 * {@link dev.jrun.container.state.RecordFormat} and in one of the records that
 * {@link dev.jrun.container.state.ContainerRecord} is made of.
 */
package dev.jrun.container.state;
