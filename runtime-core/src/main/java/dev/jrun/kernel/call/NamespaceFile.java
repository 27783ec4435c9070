// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of namespaces, namespaces(7), and requests of ioctl(2) on them, ioctl_ns(2) ({@code linux/nsfs.h}). */
public final class NamespaceFile {
    /** Returns the namespace's type as a flag of clone(2). */
    public static final long NS_GET_NSTYPE = 0xb703;

    /** What the link of the initial user namespace in {@code /proc/PID/ns} says: USER_NS_INIT_INO of linux/nsfs.h. */
    private static final String INITIAL_USER_NAMESPACE = "user:[4026531837]";

    private NamespaceFile() {}

    /** Whether this link in {@code /proc/PID/ns} is the initial user namespace's. */
    public static boolean isInitialUser(Path link) throws IOException {
        return Files.readSymbolicLink(link).toString().equals(INITIAL_USER_NAMESPACE);
    }
}
