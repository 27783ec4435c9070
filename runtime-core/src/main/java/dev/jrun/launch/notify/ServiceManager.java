// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.notify;

import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.call.ByteText;
import java.util.Arrays;
import java.util.Optional;

/**
 * Who started the caller as a service and wants to be told when it is ready: the Unix socket that {@code NOTIFY_SOCKET}
 * names, sd_notify(3).
 *
 * @param name a path, or {@code @} and a name of the abstract namespace, unix(7)
 */
public record ServiceManager(String name) {

    /** The variable that names it. */
    public static final String VARIABLE = "NOTIFY_SOCKET";

    /** What {@code sun_path} holds, and a NUL behind a path. */
    public static final int LONGEST = 107;

    private static final int PATH = 2;

    /** The one of that name, if a socket can have it. */
    public static Optional<ServiceManager> named(String name) {
        boolean isSocket = name.startsWith("/") || name.startsWith("@");
        return isSocket && ByteText.bytes(name).length <= LONGEST
                ? Optional.of(new ServiceManager(name))
                : Optional.empty();
    }

    /** {@code struct sockaddr_un}: an abstract name begins with a NUL and goes on to the end. */
    byte[] address() {
        byte[] bytes = ByteText.bytes(name);
        boolean isAbstract = bytes[0] == '@';
        byte[] address = new byte[PATH + bytes.length + (isAbstract ? 0 : 1)];
        address[0] = (byte) SocketFlags.AF_UNIX;
        System.arraycopy(bytes, 0, address, PATH, bytes.length);
        if (isAbstract) {
            Arrays.fill(address, PATH, PATH + 1, (byte) 0);
        }
        return address;
    }
}
