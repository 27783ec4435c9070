// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.kernel.call.KernelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The holder of a record lock, from proc_locks(5), for an error message. */
final class LockHolder {

    private static final int PID = 4;
    private static final int FILE = 5;
    private static final int START = 6;
    private static final int END = 7;

    private LockHolder() {}

    /** A text to be added to the message; empty if it cannot be found out. */
    static String describe(Path file, long offset) {
        try {
            String inode = ":" + Files.getAttribute(file, "unix:ino");
            for (String line : KernelFile.read(Path.of("/proc/locks")).split("\n")) {
                String[] fields = line.split(" +");
                if (fields.length > END && fields[FILE].endsWith(inode) && covers(fields, offset)) {
                    return "; process " + fields[PID] + " holds the lock in " + file;
                }
            }
        } catch (IOException | NumberFormatException unknown) {
            return "";
        }
        return "";
    }

    private static boolean covers(String[] fields, long offset) {
        return Long.parseLong(fields[START]) <= offset
                && (fields[END].equals("EOF") || offset <= Long.parseLong(fields[END]));
    }
}
