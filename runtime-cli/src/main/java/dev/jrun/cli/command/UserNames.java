// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import java.util.HashMap;
import java.util.Map;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.Passwd;

/**
 * Names of users by their ids, as getpwuid(3) finds them: in passwd(5), or wherever else nsswitch.conf(5) sends it. It
 * is loaded when the first name is asked for.
 */
final class UserNames {

    private final Map<Integer, String> names = new HashMap<>();

    /** libc, which most calls have no use for. */
    private static final class Users {
        private static final POSIX LIBC = POSIXFactory.getNativePOSIX();
    }

    /** The name of user {@code uid}; {@code #uid} if it has none. */
    String of(int uid) {
        return names.computeIfAbsent(uid, UserNames::find);
    }

    /** One at a time: what getpwuid(3) returns is in memory that its next caller writes to. */
    private static synchronized String find(int uid) {
        Passwd user = null;
        try {
            user = Users.LIBC.getpwuid(uid);
        } catch (LinkageError e) {
            // A libc that jnr-posix does not know. Then users have numbers only.
        }
        return user == null ? "#" + Integer.toUnsignedString(uid) : user.getLoginName();
    }
}
