// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/**
 * Features of Linux that launch programs use, and that older kernels lack or the seccomp filter of a container around
 * jrun may forbid.
 */
public enum NewerCall {
    CLONE3("clone3", "5.3"),
    CLONE_INTO_CGROUP("clone3.into_cgroup", "5.7"),
    OPENAT2("openat2", "5.6"),
    OPEN_TREE("open_tree", "5.2"),
    MOVE_MOUNT("move_mount", "5.2"),
    FSOPEN("fsopen", "5.2"),
    FSCONFIG("fsconfig", "5.2"),
    FSMOUNT("fsmount", "5.2"),
    MOUNT_SETATTR("mount_setattr", "5.12"),
    CLOSE_RANGE("close_range", "5.9"),
    CLOSE_RANGE_CLOEXEC("close_range.cloexec", "5.11"),
    PIDFD_OPEN("pidfd_open", "5.3"),
    PIDFD_SEND_SIGNAL("pidfd_send_signal", "5.1"),
    MEMFD_CREATE("memfd_create", "3.17"),
    EXECVEAT("execveat", "3.19"),
    STATX("statx", "4.11"),
    KEYCTL("keyctl", "2.6.10"),
    FACCESSAT2("faccessat2", "5.8"),
    SECCOMP_WAIT_KILLABLE_RECV("seccomp.wait_killable_recv", "5.19");

    private final String callName;
    private final String since;

    NewerCall(String callName, String since) {
        this.callName = callName;
        this.since = since;
    }

    /** The call as the manual spells it; a flag of it, in lower case, follows behind a dot. */
    public String callName() {
        return callName;
    }

    /** The first version of Linux that has it. */
    public String since() {
        return since;
    }
}
