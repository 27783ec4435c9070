// SPDX-License-Identifier: Apache-2.0
/** {@code jrun update}: its options, and the limits that they name. */
package dev.jrun.cli.update;
