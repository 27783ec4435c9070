// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.launch.part.StateSubject;

/**
 * What an agent is told of a container whose seccomp filter it is to serve.
 *
 * @param pid init's, as the caller's pid namespace has it
 */
public record SeccompNotification(SeccompListener listener, StateSubject container, long pid) {}
