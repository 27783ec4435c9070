// SPDX-License-Identifier: Apache-2.0
/**
 * Who else is in an engine's namespaces and cgroups. These live as long as a process is in them, so an engine may stay
 * only while others are there too; otherwise it would be the reason why they do not end.
 */
package dev.jrun.engine.company;
