// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.host;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads /proc/self/mountinfo, proc_pid_mountinfo(5), for comparison: without ids, which are never the same. */
public final class MountTable {

    private static final Pattern ID = Pattern.compile("jrun-it-[0-9-]+");

    private MountTable() {}

    /** By mount point: root, options of the mount, file system type and options of the file system. */
    public static SortedMap<String, String> of(Execution execution) {
        return of(execution.succeeds().lines());
    }

    /** As {@link #of(Execution)}. */
    public static SortedMap<String, String> of(List<String> lines) {
        SortedMap<String, String> table = new TreeMap<>();
        for (String line : lines) {
            List<String> fields = Arrays.asList(line.split(" "));
            int separator = fields.indexOf("-");
            String root = fields.get(3);
            String type = fields.get(separator + 1);
            String entry = String.join(
                    " ",
                    ID.matcher(root).replaceAll("ID"),
                    fields.get(5),
                    String.join(",", fields.subList(6, separator)),
                    type,
                    fields.get(separator + 3));
            table.put(fields.get(4), entry);
        }
        return table;
    }
}
