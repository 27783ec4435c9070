// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.exec;

import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.container.lifecycle.ContainerException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code --cgroup [CONTROLLER,…:]PATH}: cgroups below the container's, by controllers of cgroup v1; by the empty string
 * in each hierarchy.
 *
 * @param paths relative to the container's cgroups; a slash before one does not matter
 */
public record SubCgroups(Map<String, String> paths) {

    private static final String EVERYWHERE = "";

    /** The container's own. */
    public static final SubCgroups NONE = new SubCgroups(Map.of());

    public SubCgroups {
        paths = Map.copyOf(paths);
    }

    /**
     * Those that the values of an option name.
     *
     * @throws ContainerException if they contradict each other
     */
    public static SubCgroups of(List<String> values) throws ContainerException {
        Map<String, String> paths = new HashMap<>();
        for (String value : values) {
            int colon = value.indexOf(':');
            if (colon < 0) {
                if (values.size() > 1) {
                    throw new ContainerException(
                            "invalid --cgroup argument: " + value + " (missing <controller>: prefix)");
                }
                paths.put(EVERYWHERE, value);
            } else {
                add(value, colon, paths);
            }
        }
        return new SubCgroups(paths);
    }

    private static void add(String value, int colon, Map<String, String> paths) throws ContainerException {
        for (String controller : value.substring(0, colon).split(",", -1)) {
            if (controller.isEmpty()) {
                throw new ContainerException("invalid --cgroup argument: " + value + " (empty <controller> prefix)");
            }
            if (paths.put(controller, value.substring(colon + 1)) != null) {
                throw new ContainerException(
                        "invalid --cgroup argument(s): controller " + controller + " specified multiple times");
            }
        }
    }

    /**
     * How a process comes there.
     *
     * @param container how it comes into the container's own
     * @throws CgroupException if the container has none there, or the path leads out of it
     */
    CgroupEntry in(CgroupEntry container) throws CgroupException {
        CgroupEntry entry = container;
        for (Map.Entry<String, String> path : paths.entrySet()) {
            entry = path.getKey().equals(EVERYWHERE)
                    ? entry.below(path.getValue())
                    : entry.below(path.getKey(), path.getValue());
        }
        return entry;
    }
}
