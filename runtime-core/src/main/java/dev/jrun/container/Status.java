// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import java.util.Locale;

/** Where a container is in its life: {@code status} of the specification's runtime.md, and "paused" as runc has it. */
public enum Status {
    CREATING,
    CREATED,
    RUNNING,
    PAUSED,
    STOPPED;

    /** The name in state documents. */
    public String specName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
