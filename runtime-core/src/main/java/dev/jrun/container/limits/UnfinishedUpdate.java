// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.limits;

import java.util.List;

/**
 * What an update has left that was cut off, such as by the end of its engine: how all becomes again what it was before.
 *
 * @param limits those of the container's record before
 * @param steps what is to be done, the first one first
 */
public record UnfinishedUpdate(UpdatedLimits limits, List<Step> steps) {

    public UnfinishedUpdate {
        steps = List.copyOf(steps);
    }

    /**
     * One of them.
     *
     * @param target of what it is about
     * @param file to write to, if it is about one
     * @param value to be written, or told
     */
    public record Step(Target target, String file, String value) {

        /** The container's device rules are to be those of its record. */
        public static final Step DEVICES = new Step(Target.DEVICES, "", "");

        /** A file is to have this value. */
        public static Step ofFile(String file, String value) {
            return new Step(Target.FILE, file, value);
        }

        /** Whoever manages the container's cgroup is to be told this of it. */
        public static Step ofManager(String properties) {
            return new Step(Target.MANAGER, "", properties);
        }
    }

    /** What a step is about. */
    public enum Target {
        FILE,
        DEVICES,
        MANAGER
    }
}
