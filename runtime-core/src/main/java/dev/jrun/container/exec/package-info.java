// SPDX-License-Identifier: Apache-2.0
/**
 * What {@code exec} does besides its launch program. It decides what the process is, from a document or from the
 * container's own process and the command line, and where it belongs.
 */
package dev.jrun.container.exec;
