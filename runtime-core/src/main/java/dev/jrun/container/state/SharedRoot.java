// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.kernel.call.EffectiveUser;
import dev.jrun.kernel.call.UnmappedUsers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A directory of states that others may use as well, such as {@code /tmp}. Changes use paths (of the lock file, of the
 * socket for {@code start}, and those that the shim is given), so nobody else may be able to rename what is in it.
 */
final class SharedRoot {

    private static final int ROOT = 0;

    /**
     * S_ISVTX of inode(7): what is in there may be renamed and removed by its owner, and that of the directory, alone.
     */
    private static final int STICKY = 01000;

    private static final int WRITABLE_FOR_GROUP = 020;
    private static final int WRITABLE_FOR_OTHERS = 02;

    private SharedRoot() {}

    /**
     * Sees to it that what is in {@code root} stays where it is.
     *
     * @throws ContainerException if others may rename it
     */
    static void check(Path root) throws IOException, ContainerException {
        Map<String, Object> attributes = Files.readAttributes(root, "unix:uid,gid,mode");
        int owner = (int) attributes.get("uid");
        int mode = (int) attributes.get("mode");
        if (owner != EffectiveUser.uid() && owner != ROOT) {
            throw refusal(root, "it belongs to user " + Integer.toUnsignedString(owner));
        }
        if (UnmappedUsers.haveUid(owner)) {
            throw refusal(root, "its owner cannot be determined, as it has no owner in this user namespace");
        }
        if ((mode & STICKY) != 0) {
            return;
        }
        if ((mode & WRITABLE_FOR_OTHERS) != 0) {
            throw refusal(root, "everybody may write to it, and it is not sticky");
        }
        int group = (int) attributes.get("gid");
        if ((mode & WRITABLE_FOR_GROUP) != 0 && !isPrivate(group, owner)) {
            throw refusal(root, "group " + Integer.toUnsignedString(group) + " may write to it, and it is not sticky");
        }
    }

    /**
     * A group of the owner's own has his number, and with a umask of 002 all that he makes is that group's to write.
     */
    private static boolean isPrivate(int group, int owner) {
        return group == owner && !UnmappedUsers.haveGid(group);
    }

    private static ContainerException refusal(Path root, String reason) {
        return new ContainerException("cannot keep states in " + root + ": " + reason
                + ", so others could replace what is in it; it must belong to the caller or to root,"
                + " and be writable for nobody else or have the sticky bit");
    }
}
