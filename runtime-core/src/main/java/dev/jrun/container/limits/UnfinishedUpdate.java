// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.limits;

import java.util.List;

/**
 * What is left of an interrupted update, for instance when its engine ended: how to restore everything.
 *
 * @param limits those in the container's record before
 * @param steps what to do, in this order
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
