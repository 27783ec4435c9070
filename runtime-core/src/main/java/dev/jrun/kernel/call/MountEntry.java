// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A line of {@code /proc/PID/mountinfo}; proc_pid_mountinfo(5).
 *
 * @param id of the mount
 * @param parent id of the mount that it is on
 * @param root directory of the file system that is visible at the mount point
 * @param mountPoint relative to the process's root directory
 * @param fileSystem type, such as {@code cgroup2}
 * @param superOptions options of the file system as a whole
 */
public record MountEntry(
        int id, int parent, String root, String mountPoint, String fileSystem, Set<String> superOptions) {

    /** The mounts of these types of file system that can be reached, which those below a later mount cannot. */
    public static List<MountEntry> visible(String mountinfo, List<String> fileSystems) {
        List<MountEntry> all = mountinfo
                .lines()
                .map(MountEntry::parse)
                .flatMap(Optional::stream)
                .toList();
        Map<Integer, MountEntry> byId = new HashMap<>();
        all.forEach(mount -> byId.put(mount.id, mount));
        return all.stream()
                .filter(mount -> fileSystems.contains(mount.fileSystem))
                .filter(mount -> !mount.isHidden(all, byId))
                .toList();
    }

    /** A line of another form, which no kernel writes, is no mount. */
    private static Optional<MountEntry> parse(String line) {
        String[] fields = line.split(" ");
        int separator = List.of(fields).indexOf("-");
        if (separator < 6 || fields.length < separator + 4) {
            return Optional.empty();
        }
        return Optional.of(new MountEntry(
                Integer.parseInt(fields[0]),
                Integer.parseInt(fields[1]),
                unescape(fields[3]),
                unescape(fields[4]),
                unescape(fields[separator + 1]),
                Set.copyOf(List.of(unescape(fields[separator + 3]).split(",")))));
    }

    /**
     * Whether another mount lies on this one, or on one that this is on, at or above the place there that leads to this
     * one: what lies below that place is hidden itself.
     */
    private boolean isHidden(List<MountEntry> all, Map<Integer, MountEntry> byId) {
        MountEntry mount = this;
        MountEntry above = this;
        for (int steps = 0; mount != null && steps < all.size(); steps++) {
            for (MountEntry other : all) {
                if (other.parent == mount.id
                        && other != above
                        && other != mount
                        && above.isAtOrBelow(other.mountPoint)) {
                    return true;
                }
            }
            above = mount;
            mount = byId.get(mount.parent);
        }
        return false;
    }

    /** Whether the mount point is {@code directory} or inside it. */
    public boolean isAtOrBelow(String directory) {
        return mountPoint.equals(directory)
                || mountPoint.startsWith(directory.endsWith("/") ? directory : directory + "/");
    }

    /** Space, tab, newline and backslash are written as a backslash and three octal digits. */
    private static String unescape(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        StringBuilder text = new StringBuilder();
        for (int index = 0; index < field.length(); index++) {
            if (field.startsWith("\\", index) && index + 4 <= field.length()) {
                text.append((char) Integer.parseInt(field.substring(index + 1, index + 4), 8));
                index += 3;
            } else {
                text.append(field.charAt(index));
            }
        }
        return text.toString();
    }
}
