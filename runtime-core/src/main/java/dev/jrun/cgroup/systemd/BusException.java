// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import java.io.IOException;

/** A request over a bus failed. */
class BusException extends IOException {

    private static final long serialVersionUID = 1;

    BusException(String message, Throwable cause) {
        super(message, cause);
    }

    /** There is no connection, or none any more: nobody knows what became of what was asked for. */
    static final class Lost extends BusException {
        private static final long serialVersionUID = 1;

        Lost(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The answer was an error. */
    static final class Refused extends BusException {
        private static final long serialVersionUID = 1;

        private final String name;

        /** @param name such as {@code org.freedesktop.systemd1.UnitExists} */
        Refused(String name, String message) {
            super(message, null);
            this.name = name;
        }

        boolean is(String other) {
            return name.equals(other);
        }

        /**
         * Whether it is the bus that answers, since systemd is not there at the moment: it executes itself anew, or the
         * bus does.
         */
        boolean isAbsence() {
            return switch (name) {
                case "org.freedesktop.DBus.Error.NoReply",
                        "org.freedesktop.DBus.Error.ServiceUnknown",
                        "org.freedesktop.DBus.Error.NameHasNoOwner",
                        "org.freedesktop.DBus.Error.Disconnected",
                        "org.freedesktop.DBus.Error.TimedOut",
                        "org.freedesktop.DBus.Error.Timeout",
                        "org.freedesktop.DBus.Error.LimitsExceeded" -> true;
                default -> false;
            };
        }
    }
}
