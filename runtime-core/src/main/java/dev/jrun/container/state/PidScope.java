// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ForeignProcessException;
import dev.jrun.kernel.call.BootId;

/**
 * Where a pid and a start time identify one process: within one boot of the machine, and one pid namespace.
 *
 * @param boot the boot's id; empty if unknown
 * @param namespace device and inode number of the pid namespace; empty if it is not known
 */
public record PidScope(String boot, String namespace) {

    /** The namespace of all processes, where the kernel has no others. */
    static final String ONLY = "only";

    /**
     * Whether the machine has started anew since, so that none of its processes is there.
     *
     * @throws ContainerException if its pids say nothing to this engine
     */
    boolean hasEnded(long pid) throws ContainerException {
        PidScope shown = ProcessSight.own().shown();
        if (!boot.isEmpty() && shown.boot.isEmpty()) {
            throw unknown(
                    pid,
                    "there is no " + BootId.FILE + ", and the machine may have started anew since it was recorded");
        }
        if (!boot.isEmpty() && !boot.equals(shown.boot)) {
            return true;
        }
        if (shown.namespace.isEmpty()) {
            throw unknown(
                    pid,
                    "/proc shows the processes of another pid namespace than the caller's, and does not say of which");
        }
        if (!isShown(shown)) {
            throw new ForeignProcessException(describe(
                    pid,
                    "it was recorded in another pid namespace than /proc shows here;"
                            + " call jrun where the container was made"));
        }
        return false;
    }

    /**
     * Whether the machine has certainly started anew since: no process, namespace and mount is left of then.
     *
     * @throws ContainerException if this start cannot be told
     */
    boolean isOfEarlierStart() throws ContainerException {
        PidScope shown = ProcessSight.own().shown();
        return !boot.isEmpty() && !shown.boot.isEmpty() && !boot.equals(shown.boot);
    }

    /** Older versions have not said where their pids are of, and took each for their caller's. */
    private boolean isShown(PidScope shown) throws ContainerException {
        return namespace.isEmpty() ? ProcessSight.own().isOurs() : namespace.equals(shown.namespace);
    }

    private static ContainerException unknown(long pid, String why) {
        return new ContainerException(describe(pid, why));
    }

    private static String describe(long pid, String why) {
        return "cannot find out whether process " + pid + " is alive: " + why;
    }

    /** As {@code equals}, which a record has linked at run time: 10 ms in a cold engine. */
    boolean isSameAs(PidScope other) {
        return boot.equals(other.boot) && namespace.equals(other.namespace);
    }
}
