// SPDX-License-Identifier: Apache-2.0
/**
 * What a command gets and gives: its arguments and options, who called it and from where, its outcome, and the errors
 * that become exit codes. Nothing here knows which commands there are.
 */
package dev.jrun.cli.call;
