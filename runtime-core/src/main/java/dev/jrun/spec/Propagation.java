// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.Locale;

/** Propagation of mount events, mount_namespaces(7); those with {@code R} also for all mounts below. */
public enum Propagation {
    PRIVATE,
    RPRIVATE,
    SLAVE,
    RSLAVE,
    SHARED,
    RSHARED,
    UNBINDABLE,
    RUNBINDABLE;

    /** The name in config.json, also as a mount option. */
    public String specName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether events reach others, too. */
    public boolean isShared() {
        return this == SHARED || this == RSHARED;
    }

    /** Whether it is for all mounts below as well ({@code MS_REC}). */
    public boolean recursive() {
        return switch (this) {
            case RPRIVATE, RSLAVE, RSHARED, RUNBINDABLE -> true;
            case PRIVATE, SLAVE, SHARED, UNBINDABLE -> false;
        };
    }
}
