// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import dev.jrun.kernel.CloneFlags;
import dev.jrun.spec.Namespace;

/** What the kernel calls a type of namespace. */
final class KernelNamespace {

    /** The most bytes that such a link has, {@code cgroup:[4026531840]}, in whole words of eight. */
    static final int LONGEST_LINK = 24;

    private KernelNamespace() {}

    /** Its flag, clone(2) and setns(2). */
    static long flag(Namespace.Type type) {
        return switch (type) {
            case PID -> CloneFlags.CLONE_NEWPID;
            case NETWORK -> CloneFlags.CLONE_NEWNET;
            case MOUNT -> CloneFlags.CLONE_NEWNS;
            case IPC -> CloneFlags.CLONE_NEWIPC;
            case UTS -> CloneFlags.CLONE_NEWUTS;
            case USER -> CloneFlags.CLONE_NEWUSER;
            case CGROUP -> CloneFlags.CLONE_NEWCGROUP;
            case TIME -> CloneFlags.CLONE_NEWTIME;
        };
    }

    /** The file of a process's own in /proc, namespaces(7). */
    static String ownFile(Namespace.Type type) {
        return "/proc/self/ns/" + name(type);
    }

    /** That of another process. */
    static String file(long pid, Namespace.Type type) {
        return "/proc/" + pid + "/ns/" + name(type);
    }

    private static String name(Namespace.Type type) {
        return switch (type) {
            case PID -> "pid";
            case NETWORK -> "net";
            case MOUNT -> "mnt";
            case IPC -> "ipc";
            case UTS -> "uts";
            case USER -> "user";
            case CGROUP -> "cgroup";
            case TIME -> "time";
        };
    }
}
