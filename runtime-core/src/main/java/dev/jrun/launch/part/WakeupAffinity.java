// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

/** On which processor a shim is woken for a program. */
public enum WakeupAffinity {
    /** Where the kernel likes. */
    ANYWHERE,
    /** On another than the engine's, if one was idle: the program lets it run on any. */
    ELSEWHERE
}
