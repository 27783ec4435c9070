// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.kernel.call.KernelFile;
import dev.jrun.spec.IdMapping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Maps users of another user namespace to those of this process's: {@code /proc/PID/uid_map}, user_namespaces(7).
 *
 * @param mappings a range for each line
 */
public record UserIds(List<IdMapping> mappings) {

    /**
     * Those of the user namespace that a process is in.
     *
     * @throws IOException if they cannot be read
     */
    public static UserIds of(long pid) throws IOException {
        return parse(KernelFile.read(Path.of("/proc/" + pid + "/uid_map")));
    }

    static UserIds parse(String text) {
        List<IdMapping> mappings = new ArrayList<>();
        for (String line : text.split("\n")) {
            String[] fields = line.trim().split(" +");
            if (fields.length == 3) {
                mappings.add(
                        new IdMapping(Long.parseLong(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2])));
            }
        }
        return new UserIds(mappings);
    }

    /** Who {@code uid} is here; empty if it has no id. */
    public OptionalLong host(long uid) {
        return IdMapping.hostId(mappings, uid);
    }
}
