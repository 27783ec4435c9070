// SPDX-License-Identifier: Apache-2.0
/**
 * Launch programs: short lists of instructions that the shim executes, and what it reports back.
 *
 * <p>The format and the protocol are defined in {@code docs/launch-programs.md}. An {@link dev.jrun.program.Assembler}
 * collects instructions, each with its {@link dev.jrun.program.Source}, into a {@link dev.jrun.program.Program}; a
 * {@link dev.jrun.program.Session} has a shim run it. This package knows nothing about containers.
 */
package dev.jrun.program;
