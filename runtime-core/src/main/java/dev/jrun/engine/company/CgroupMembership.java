// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine.company;

import dev.jrun.cgroup.CallerCgroup;
import dev.jrun.kernel.call.KernelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * That this process is in somebody's cgroup, which it could not leave.
 *
 * @param line of {@code /proc/PID/cgroup}, cgroups(7)
 */
record CgroupMembership(String line) implements Place {

    /** Those of this process, now: others may move it. */
    static List<Place> own() throws IOException {
        List<Place> own = new ArrayList<>();
        for (String line : lines("self")) {
            if (CallerCgroup.isLeft(line)) {
                continue;
            }
            own.add(new CgroupMembership(line));
        }
        return own;
    }

    @Override
    public boolean has(int pid) throws IOException {
        return lines(Integer.toString(pid)).contains(line);
    }

    private static List<String> lines(String pid) throws IOException {
        return List.of(KernelFile.read(Path.of("/proc/" + pid + "/cgroup")).split("\n"));
    }
}
