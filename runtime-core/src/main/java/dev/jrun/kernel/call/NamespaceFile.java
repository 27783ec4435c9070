// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

/**
 * Requests of ioctl(2) on the file of a namespace, ioctl_ns(2) ({@code linux/nsfs.h}).
 */
public final class NamespaceFile {
    /** Returns the namespace's type as a flag of clone(2). */
    public static final long NS_GET_NSTYPE = 0xb703;

    private NamespaceFile() {}
}
