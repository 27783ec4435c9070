// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

import java.util.Locale;

/** Where a container is in its life: {@code status} of the specification's runtime.md, and "paused" as runc has it. */
public enum Status {
    CREATING,
    CREATED,
    RUNNING,
    PAUSED,
    STOPPED,

    /** It cannot be found out. Lists have this; whatever is about one container says why, and fails. */
    UNKNOWN;

    /** Whether its first process is there and the container complete: what is denied by "is not running". */
    public boolean isRunning() {
        return switch (this) {
            case CREATED, RUNNING, PAUSED -> true;
            case CREATING, STOPPED, UNKNOWN -> false;
        };
    }

    /** The name in state documents. */
    public String specName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
