// SPDX-License-Identifier: Apache-2.0
/**
 * The commands, one class each, and what several of them print or take; those with much of their own have rooms beside
 * this one. A new one is a class here and two lines in {@link dev.jrun.cli.CommandTable}.
 */
package dev.jrun.cli.command;
