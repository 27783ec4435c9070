// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.call.EffectiveUser;
import dev.jrun.kernel.call.UnmappedUsers;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/**
 * A file or directory of states that belongs to this user, and is not reached by a link. What somebody else has put in
 * its place is not read: it could get processes killed and directories removed with this user's rights.
 *
 * <p>This is only true of what had the name at the time of the check: {@link OwnDirectory} holds on to it.
 *
 * @param key device and inode number
 * @param mode permissions, as of inode(7)
 * @param links how many names it has
 */
record OwnFile(Path path, Object key, int mode, int links) {

    static final Set<PosixFilePermission> DIRECTORY_MODE = PosixFilePermissions.fromString("rwx------");
    static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-------");
    private static final int OWN_DIRECTORY = 0700;
    private static final int PERMISSIONS = 0777;
    private static final int GROUP_AND_OTHERS = 077;
    private static final int WRITABLE_FOR_GROUP_AND_OTHERS = 022;

    /** For a new directory: nobody else needs to enter it, not even the container's user. */
    static FileAttribute<?> privateDirectory() {
        return PosixFilePermissions.asFileAttribute(DIRECTORY_MODE);
    }

    /** For a new file. */
    static FileAttribute<?> privateFile() {
        return PosixFilePermissions.asFileAttribute(FILE_MODE);
    }

    /**
     * A directory that nobody else puts anything into.
     *
     * @throws IOException if it is none, or somebody else's, or others may write to it
     */
    static OwnFile directory(Path path) throws IOException {
        OwnFile directory = of(path, FileMode.S_IFDIR, "it is not a directory");
        if ((directory.mode & WRITABLE_FOR_GROUP_AND_OTHERS) != 0) {
            throw new FileSystemException(
                    path.toString(),
                    null,
                    "its group or others may write to it, so anybody may have written what is in it");
        }
        return directory;
    }

    /**
     * A regular file.
     *
     * @throws IOException if it is none, or somebody else's
     */
    static OwnFile regular(Path path) throws IOException {
        return of(path, FileMode.S_IFREG, "it is not a regular file");
    }

    private static OwnFile of(Path path, long type, String otherwise) throws IOException {
        Map<String, Object> attributes =
                Files.readAttributes(path, "unix:uid,mode,nlink,fileKey", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) attributes.get("mode");
        if ((mode & FileMode.S_IFMT) != type) {
            throw new FileSystemException(path.toString(), null, otherwise);
        }
        int owner = (int) attributes.get("uid");
        if (owner != EffectiveUser.uid()) {
            throw new FileSystemException(
                    path.toString(),
                    null,
                    "it belongs to user " + Integer.toUnsignedString(owner) + ", not to the caller, user "
                            + Integer.toUnsignedString(EffectiveUser.uid()));
        }
        if (UnmappedUsers.haveUid(owner)) {
            throw new FileSystemException(
                    path.toString(),
                    null,
                    "its owner cannot be determined: in this user namespace every user without"
                            + " an id of its own is shown as " + owner + ", as the caller is");
        }
        return new OwnFile(path, attributes.get("fileKey"), mode, (int) attributes.get("nlink"));
    }

    /**
     * This one, if it has no other name: a hard link that somebody else has made may be any file of this user's.
     *
     * @throws IOException if it has
     */
    OwnFile onlyName() throws IOException {
        if (links != 1) {
            throw new FileSystemException(
                    path.toString(),
                    null,
                    "it has " + links + " names (hard links), so it may be any file of the caller's");
        }
        return this;
    }

    /** Whether it has the mode that jrun gives a container's directory. */
    boolean hasModeOfContainer() {
        return (mode & PERMISSIONS) == OWN_DIRECTORY;
    }

    /** Whether group and others may do nothing with it. */
    boolean isPrivate() {
        return (mode & GROUP_AND_OTHERS) == 0;
    }
}
