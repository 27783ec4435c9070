// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import dev.jrun.program.Address;
import dev.jrun.spec.Namespace;

/**
 * A namespace to join.
 *
 * @param index in {@code linux.namespaces}
 * @param place of the descriptor of its file, or of {@link #NOTHING_TO_ENTER}
 */
record JoinedNamespace(int index, Namespace.Type type, String path, Address place) {

    /** The caller is in it already, or the process has entered it. */
    static final long NOTHING_TO_ENTER = -1;

    String pointer() {
        return "/linux/namespaces/" + index + "/path";
    }
}
