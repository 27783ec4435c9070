// SPDX-License-Identifier: Apache-2.0
/** What containers use: the commands that print it, for programs and for people, once or again and again. */
package dev.jrun.cli.usage;
