// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.FileIdentity;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What is mounted where a container's path begins. If something else is mounted there, in another mount or cgroup
 * namespace, the path says nothing about the container.
 *
 * @param identity device and inode number of the directory that is mounted there; empty if an older version has not
 *     said
 */
public record MountRoot(Path mountPoint, String identity) {

    /** An older version's: it took every place for the one that it had been. */
    public static final MountRoot UNSAID = new MountRoot(Path.of("/"), "");

    /** What is there now. */
    public static MountRoot at(Path mountPoint) throws CgroupException {
        return new MountRoot(mountPoint, identify(mountPoint));
    }

    /** Whether a directory below would be found if it were there, and not elsewhere. */
    boolean isSeen() throws CgroupException {
        return identity.isEmpty() || identity.equals(identify(mountPoint));
    }

    private static String identify(Path mountPoint) throws CgroupException {
        try {
            return FileIdentity.of(mountPoint);
        } catch (NoSuchFileException none) {
            return "none";
        } catch (IOException error) {
            throw new CgroupException("stat " + mountPoint + ": " + Failures.reason(error), error);
        }
    }
}
