// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.Locale;
import java.util.Optional;

/**
 * A namespace that the container is to be in, namespaces(7).
 *
 * @param path of an existing namespace to join; absent: a new one
 */
public record Namespace(Type type, Optional<String> path) {

    /** Whether the container gets one of its own. */
    public boolean isNew() {
        return path.isEmpty();
    }

    public enum Type {
        PID,
        NETWORK,
        MOUNT,
        IPC,
        UTS,
        USER,
        CGROUP,
        TIME;

        /** The name in config.json. */
        public String specName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
