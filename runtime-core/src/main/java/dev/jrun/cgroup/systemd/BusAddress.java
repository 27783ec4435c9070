// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a systemd can be reached.
 *
 * @param socket of unix(7)
 * @param kind who listens there
 * @param owner who must have made the socket, besides root
 */
record BusAddress(Path socket, Kind kind, int owner) {

    enum Kind {
        /** A message bus, which passes on what it is given. */
        BUS,
        /** systemd itself. It tells whoever is connected of all that its units do. */
        MANAGER
    }

    /**
     * The ways to the systemd whose units this user's containers are, the best first.
     *
     * <p>The bus comes first, since that is what systemd offers to others; runc does the same. Its own socket is there
     * for systemctl(1), and only root may use it: it is the way where there is no bus, or one that does not answer.
     *
     * @param uid the user's effective id
     */
    static List<BusAddress> of(int uid) {
        if (uid == 0) {
            return List.of(
                    new BusAddress(Path.of("/run/dbus/system_bus_socket"), Kind.BUS, 0),
                    new BusAddress(Path.of("/run/systemd/private"), Kind.MANAGER, 0));
        }
        // What pam_systemd(8) sets as XDG_RUNTIME_DIR; an engine has nothing of its caller's environment.
        Path runtime = Path.of("/run/user", Integer.toUnsignedString(uid));
        return List.of(
                new BusAddress(runtime.resolve("bus"), Kind.BUS, uid),
                new BusAddress(runtime.resolve("systemd/private"), Kind.MANAGER, uid));
    }

    /** Whether a socket that this user has made is what it is to be. */
    boolean mayBeOf(int uid) {
        return uid == 0 || uid == owner;
    }
}
