// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients;

import java.nio.file.Path;
import java.util.List;

/** Where an engine and its daemons run. */
public sealed interface Machine extends AutoCloseable permits ThisHost, DebianMachine {

    /** jrun's distribution, at this path on every machine. */
    Path JRUN_HOME = Path.of(System.getProperty("jrun.home")).toAbsolutePath().normalize();

    /** The program, at this path on every machine. */
    Path JRUN = JRUN_HOME.resolve("bin/jrun");

    /** What runs a command there. The environment is this process's; standard streams are its caller's. */
    ProcessBuilder command(List<String> words);

    /** What runs a command there. */
    default ProcessBuilder command(String... words) {
        return command(List.of(words));
    }

    /** Ends what still runs there, if that is the machine's own. */
    @Override
    void close();
}
