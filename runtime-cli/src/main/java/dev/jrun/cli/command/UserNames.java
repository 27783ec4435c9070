// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Names of users by their ids, from passwd(5), which is read when the first name is asked for. */
final class UserNames {

    private static final Path PASSWD = Path.of("/etc/passwd");

    private Map<String, String> names = Map.of();
    private boolean read;

    /** The name of user {@code uid}; {@code #uid} if it has none. */
    String of(int uid) {
        if (!read) {
            read = true;
            names = readNames();
        }
        String number = Integer.toUnsignedString(uid);
        return names.getOrDefault(number, "#" + number);
    }

    private static Map<String, String> readNames() {
        Map<String, String> names = new HashMap<>();
        try {
            for (String line : Files.readAllLines(PASSWD, StandardCharsets.ISO_8859_1)) {
                String[] fields = line.split(":", 4);
                if (fields.length == 4) {
                    names.putIfAbsent(fields[2], fields[0]);
                }
            }
        } catch (IOException e) {
            // Then users have numbers only.
        }
        return names;
    }
}
