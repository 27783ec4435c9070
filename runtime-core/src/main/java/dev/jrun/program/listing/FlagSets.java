// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program.listing;

import dev.jrun.kernel.CloneFlags;
import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.MountFlags;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Prctl;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.WaitFlags;

/** Names of flags that several signatures have, or a signature and a structure. */
final class FlagSets {

    static final FlagNames AT = FlagNames.none()
            .with("AT_SYMLINK_NOFOLLOW", OpenFlags.AT_SYMLINK_NOFOLLOW)
            .with("AT_EMPTY_PATH", OpenFlags.AT_EMPTY_PATH)
            .with("AT_RECURSIVE", OpenFlags.AT_RECURSIVE);
    static final FlagNames MESSAGE = FlagNames.none().with(SocketFlags.class, "MSG_");
    static final FlagNames MOUNT = FlagNames.none().with(MountFlags.class, "MS_");
    static final FlagNames ATTRIBUTES = FlagNames.none().with(MountFlags.class, "MOUNT_ATTR_");
    static final FlagNames CLONE = FlagNames.none().with(CloneFlags.class, "CLONE_");
    static final FlagNames SEALS = FlagNames.none().with(FileControl.class, "F_SEAL_");
    static final FlagNames FAMILY = FlagNames.none().with(SocketFlags.class, "AF_");
    static final FlagNames PRCTL = FlagNames.none()
            .with(Prctl.class, "PR_SET_")
            .with(Prctl.class, "PR_CAPBSET_")
            .with("PR_CAP_AMBIENT", Prctl.PR_CAP_AMBIENT);
    static final FlagNames AMBIENT = FlagNames.none().with(Prctl.class, "PR_CAP_AMBIENT_");
    static final FlagNames FCNTL = FlagNames.none()
            .with("F_DUPFD", 0)
            .with("F_GETFD", 1)
            .with("F_SETFD", FileControl.F_SETFD)
            .with("F_SETLK", FileControl.F_SETLK)
            .with("F_GETFL", 3)
            .with("F_SETFL", 4)
            .with("F_DUPFD_CLOEXEC", FileControl.F_DUPFD_CLOEXEC)
            .with("F_ADD_SEALS", FileControl.F_ADD_SEALS)
            .with("F_GET_SEALS", FileControl.F_GET_SEALS);
    static final FlagNames WAIT = FlagNames.none()
            .with("WNOHANG", WaitFlags.WNOHANG)
            .with("WUNTRACED", 2)
            .with("WEXITED", WaitFlags.WEXITED)
            .with("WCONTINUED", 8)
            .with("WNOWAIT", WaitFlags.WNOWAIT)
            .with("__WALL", WaitFlags.WALL);

    private FlagSets() {}
}
