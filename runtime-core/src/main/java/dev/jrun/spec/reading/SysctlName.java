// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.spec.Namespace;
import java.util.Optional;
import java.util.Set;

/**
 * The name of a kernel parameter. Its first separator, a dot or a slash, is the one that separates; the other belongs
 * to what is separated, so that {@code net.ipv4.conf.eth0/1.rp_filter} and {@code net/ipv4/conf/eth0.1/rp_filter} are
 * the same (sysctl.d(5)).
 *
 * @param path beneath {@code /proc/sys}; no component is empty, "." or ".."
 */
public record SysctlName(String path) {

    /** Paths of those of ipc namespaces, ipc_namespaces(7), besides those below {@code fs/mqueue}. */
    static final Set<String> OF_IPC_NAMESPACES = Set.of(
            "kernel/msgmax",
            "kernel/msgmnb",
            "kernel/msgmni",
            "kernel/sem",
            "kernel/shmall",
            "kernel/shmmax",
            "kernel/shmmni",
            "kernel/shm_rmid_forced");

    private static final String DOMAIN_NAME = "kernel/domainname";

    /** Whether this names the NIS domain name of the uts namespace. */
    public static boolean isDomainName(String name) {
        Optional<SysctlName> sysctl = of(name);
        return sysctl.isPresent() && sysctl.get().path().equals(DOMAIN_NAME);
    }

    /**
     * Empty if {@code name} is no path beneath {@code /proc/sys}, or could lead out of the directory that it begins
     * with.
     */
    public static Optional<SysctlName> of(String name) {
        String path = separatesByDots(name)
                ? name.replace('.', '\0').replace('/', '.').replace('\0', '/')
                : name;
        for (String component : path.split("/", -1)) {
            if (component.isEmpty() || component.equals(".") || component.equals("..")) {
                return Optional.empty();
            }
        }
        return Optional.of(new SysctlName(path));
    }

    private static boolean separatesByDots(String name) {
        int dot = name.indexOf('.');
        int slash = name.indexOf('/');
        return dot >= 0 && (slash < 0 || dot < slash);
    }

    /** The type of the namespaces that have a value of their own; empty if there is one for all. */
    public Optional<Namespace.Type> namespace() {
        if (OF_IPC_NAMESPACES.contains(path) || isBelow("fs/mqueue/")) {
            return Optional.of(Namespace.Type.IPC);
        }
        if (isBelow("net/")) {
            return Optional.of(Namespace.Type.NETWORK);
        }
        if (isBelow("user/")) {
            return Optional.of(Namespace.Type.USER);
        }
        return path.equals(DOMAIN_NAME) ? Optional.of(Namespace.Type.UTS) : Optional.empty();
    }

    /** Whether this is a parameter below {@code directory}, a path that ends with a slash. */
    boolean isBelow(String directory) {
        return path.startsWith(directory);
    }
}
