// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Users and groups that this user namespace has no number for. The kernel shows them all as one, user_namespaces(7),
 * "Unmapped user and group IDs": a process with that number cannot tell what belongs to it.
 */
public final class UnmappedUsers {

    private static final Path USER_NAMESPACE = Path.of("/proc/self/ns/user");
    private static final String OVERFLOW_UID = "/proc/sys/kernel/overflowuid";
    private static final String OVERFLOW_GID = "/proc/sys/kernel/overflowgid";

    /** Unless somebody has changed it; also where a procfs shows nothing but processes. */
    private static final int DEFAULT = 65534;

    /** No id, 4294967295, is anybody's. */
    private static final int NONE = -1;

    private UnmappedUsers() {}

    /** Whether this user id may be that of any user of other namespaces. */
    public static boolean haveUid(int uid) {
        return uid == Numbers.UID;
    }

    /** As {@link #haveUid}, of groups. */
    public static boolean haveGid(int gid) {
        return gid == Numbers.GID;
    }

    /** They never change in an engine. */
    private static final class Numbers {
        static final int UID = number(OVERFLOW_UID);
        static final int GID = number(OVERFLOW_GID);
    }

    private static int number(String file) {
        try {
            // All ids are mapped in the first one, and there this one is an id like any other.
            return NamespaceFile.isInitialUser(USER_NAMESPACE) ? NONE : number(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot find out which ids this user namespace has", e);
        }
    }

    private static int number(Path file) throws IOException {
        try {
            return Integer.parseInt(KernelFile.read(file).strip());
        } catch (NoSuchFileException e) {
            return DEFAULT;
        }
    }
}
