// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A process's memory (proc_pid_smaps(5)).
 *
 * @param rss resident, in kB of 1024 bytes
 * @param pss the same, where a page that n processes share counts for an nth
 * @param anonymous what no file has, so that it is not given up before it is swapped out
 */
record Memory(long rss, long pss, long anonymous) {

    static Memory of(long pid) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup"));
        return new Memory(value(lines, "Rss:"), value(lines, "Pss:"), value(lines, "Anonymous:"));
    }

    private static long value(List<String> lines, String name) {
        String line = lines.stream()
                .filter(candidate -> candidate.startsWith(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("smaps_rollup has no " + name));
        return Long.parseLong(
                line.substring(name.length(), line.length() - " kB".length()).strip());
    }
}
