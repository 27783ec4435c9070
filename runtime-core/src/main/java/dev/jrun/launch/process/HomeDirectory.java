// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import java.nio.charset.StandardCharsets;

/** {@code HOME} of a process whose configuration does not set it, from the container's /etc/passwd; see passwd(5). */
public final class HomeDirectory {

    private static final String NONE = "/";

    private HomeDirectory() {}

    /**
     * The home directory of {@code uid}.
     *
     * @param passwd the file's contents, which the container controls
     * @return "/" if the file names none
     */
    public static String of(byte[] passwd, long uid) {
        String text = new String(passwd, StandardCharsets.UTF_8);
        String number = Long.toString(uid);
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            String[] fields = text.substring(start, end).split(":", -1);
            if (fields.length >= 6 && fields[2].equals(number) && isUsable(fields[5])) {
                return fields[5];
            }
            start = end + 1;
        }
        return NONE;
    }

    private static boolean isUsable(String home) {
        return !home.isEmpty() && home.indexOf('\0') < 0 && home.length() < Environment.MAX_HOME;
    }
}
