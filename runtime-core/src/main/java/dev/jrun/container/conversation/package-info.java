// SPDX-License-Identifier: Apache-2.0
/** What an engine and a shim say to each other about a program, and what a caller is told of its failures. */
package dev.jrun.container.conversation;
