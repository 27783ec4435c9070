// SPDX-License-Identifier: Apache-2.0
/**
 * What {@code exec} does besides its launch program: which process it is, by a document or by the container's own and
 * the command line, and where it belongs.
 */
package dev.jrun.container.exec;
