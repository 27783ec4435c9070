// SPDX-License-Identifier: Apache-2.0
/**
 * Who else is where an engine is, and so whether it may stay there without keeping anything from ending: namespaces and
 * cgroups live as long as a process is in them.
 */
package dev.jrun.engine.company;
