// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.soak;

/** What goes wrong while calls are under way. */
enum Mishap {
    NONE,
    /** The engine that serves is killed. */
    ENGINE,
    /** The callers' own process is killed: the shim. */
    SHIM,
    /** The first process of each container is killed. */
    INIT,
    /** Engine and shim are killed at the same moment. */
    ENGINE_AND_SHIM,
    /** The engine has hardly any descriptor left to open; prlimit(2). */
    FEW_DESCRIPTORS,
    /** The callers' cgroup has room for hardly any process more. */
    FEW_PROCESSES
}
