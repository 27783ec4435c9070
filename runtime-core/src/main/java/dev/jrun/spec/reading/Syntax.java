// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.spec.NumberList;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

/** Checks for the syntax of strings, written by hand: loading java.util.regex would slow down every cold start. */
enum Syntax {
    ABSOLUTE_PATH("an absolute path") {
        @Override
        boolean allows(String value) {
            return value.startsWith("/");
        }
    },
    /** What a file can be made at; as with runc and crun, slashes and "." at the end mean nothing. */
    ABSOLUTE_FILE("the absolute path of a file, not \"/\" and not ending with \"..\"") {
        @Override
        boolean allows(String value) {
            String last = "";
            for (String name : value.split("/")) {
                if (!name.isEmpty() && !name.equals(".")) {
                    last = name;
                }
            }
            return ABSOLUTE_PATH.allows(value) && !last.isEmpty() && !last.equals("..");
        }
    },
    /** Semantic version 2.0.0; a higher major version may mean anything. */
    VERSION_1("a semantic version 1.x.y") {
        @Override
        boolean allows(String value) {
            String version = cutBefore('-', cutBefore('+', value));
            String[] parts = version.split("\\.", -1);
            return parts.length == 3
                    && parts[0].equals("1")
                    && isNumber(parts[1])
                    && isNumber(parts[2])
                    && all(
                            value.substring(version.length()),
                            c -> isDigit(c) || isLetter(c) || c == '-' || c == '.' || c == '+');
        }

        private static String cutBefore(char c, String value) {
            int at = value.indexOf(c);
            return at < 0 ? value : value.substring(0, at);
        }

        private static boolean isNumber(String part) {
            return !part.isEmpty() && all(part, Syntax::isDigit) && (part.length() == 1 || part.charAt(0) != '0');
        }
    },
    /** environ(7). */
    ENVIRONMENT_ENTRY("an entry NAME=value") {
        @Override
        boolean allows(String value) {
            return value.indexOf('=') > 0;
        }
    },
    /** cpuset(7), "List format". */
    NUMBER_LIST("a list such as 0-3,7") {
        @Override
        boolean allows(String value) {
            return NumberList.parse(value).isPresent();
        }
    },
    /** The schema's {@code ^[1-9][0-9]*[KMG]B$}. */
    HUGE_PAGE_SIZE("a size such as 64KB, 2MB or 1GB") {
        @Override
        boolean allows(String value) {
            int digits = value.length() - 2;
            return digits > 0
                    && all(value.substring(0, digits), Syntax::isDigit)
                    && value.charAt(0) != '0'
                    && "KMG".indexOf(value.charAt(digits)) >= 0
                    && value.endsWith("B");
        }
    },
    /** The devices controller of cgroup v1, Documentation/admin-guide/cgroup-v1/devices.rst. */
    DEVICE_ACCESS("some of the letters r (read), w (write) and m (mknod)") {
        @Override
        boolean allows(String value) {
            return all(value, c -> c == 'r' || c == 'w' || c == 'm');
        }
    },
    FILE_NAME("the name of a file, without a slash") {
        @Override
        boolean allows(String value) {
            return value.indexOf('/') < 0 && !value.equals(".") && !value.equals("..");
        }
    },
    /** A directory of resctrl. */
    CLASS_OF_SERVICE("the name of a directory, without a slash, or / for the default class") {
        @Override
        boolean allows(String value) {
            return value.equals("/") || FILE_NAME.allows(value);
        }
    },
    /** Others of {@code cgroup.*} move, stop or end processes, or undo what the runtime has set. */
    CGROUP_FILE(
            "a file name of the form controller.parameter, cgroup.max.depth, cgroup.max.descendants or cgroup.pressure") {
        @Override
        boolean allows(String value) {
            if (value.indexOf('/') >= 0) {
                return false;
            }
            return value.startsWith("cgroup.")
                    ? value.startsWith("cgroup.max.") || value.equals("cgroup.pressure")
                    : value.indexOf('.') > 0;
        }
    },
    /** What the kernel's dev_valid_name() takes. */
    INTERFACE_NAME("1 to 15 bytes without a slash, a colon or white space") {
        @Override
        boolean allows(String value) {
            return FILE_NAME.allows(value)
                    && value.getBytes(StandardCharsets.UTF_8).length <= 15
                    && all(value, c -> c != ':' && !Character.isWhitespace(c));
        }
    },
    /** The schema's {@code ^MB:[^\n]*$}. */
    MEMORY_BANDWIDTH("a line MB:…") {
        @Override
        boolean allows(String value) {
            return value.startsWith("MB:") && value.indexOf('\n') < 0;
        }
    };

    private final String allowed;

    Syntax(String allowed) {
        this.allowed = allowed;
    }

    abstract boolean allows(String value);

    /** In words, to go on after "allowed:". */
    String allowed() {
        return allowed;
    }

    private static boolean all(String value, IntPredicate predicate) {
        for (int i = 0; i < value.length(); i++) {
            if (!predicate.test(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
