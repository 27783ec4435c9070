// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import java.time.Duration;

/**
 * A running engine.
 *
 * @param pid in the caller's pid namespace
 * @param build which build of jrun it is
 * @param socket where it listens; empty if a service manager gave it a socket without a name
 * @param uptime since the JVM's start
 * @param calls how many it has taken, the present one among them
 * @param open how many of these have not ended, the present one among them
 * @param residentBytes its resident memory (VmRSS, proc_pid_status(5))
 */
public record EngineStatus(
        long pid, String build, String socket, Duration uptime, long calls, int open, long residentBytes) {}
