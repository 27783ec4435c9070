// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.util.ArrayList;
import java.util.List;

/** Something else to do for each processor, until it is closed. */
final class BusyProcessors implements AutoCloseable {
    private final List<Process> loops = new ArrayList<>();

    BusyProcessors(Commands commands) {
        for (int n = 0; n < Runtime.getRuntime().availableProcessors(); n++) {
            loops.add(commands.start(List.of("/bin/sh", "-c", "while :; do :; done")));
        }
    }

    @Override
    public void close() {
        loops.forEach(Process::destroyForcibly);
    }
}
