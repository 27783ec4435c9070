// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import dev.jrun.engine.LogFile;

/**
 * How a message looks to systemd-journald (its native protocol) and to syslog (RFC 3164, as syslog(3) sends it).
 *
 * @param destination {@code journald:ID} or {@code syslog:ID}
 */
record SystemLog(String destination) {

    /** LOG_DAEMON of syslog(3). */
    private static final int DAEMON = 3 << 3;

    /** Either has a message in one line. */
    String message(String level, String message) {
        String line = message.replace('\n', ' ');
        String identifier = destination.substring(destination.indexOf(':') + 1);
        return destination.startsWith(LogFile.JOURNALD)
                ? "PRIORITY=" + priority(level) + "\nSYSLOG_IDENTIFIER=" + identifier + "\nMESSAGE=" + line + "\n"
                : "<" + (DAEMON | priority(level)) + ">" + identifier + ": " + line;
    }

    private static int priority(String level) {
        return switch (level) {
            case "error" -> 3;
            case "warning" -> 4;
            case "info" -> 6;
            default -> 7;
        };
    }
}
