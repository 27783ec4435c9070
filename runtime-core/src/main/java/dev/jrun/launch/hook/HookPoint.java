// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.hook;

import dev.jrun.spec.Hook;
import dev.jrun.spec.Hooks;
import java.util.List;

/** A moment of a container's life at which hooks run: "Lifecycle" of runtime.md. */
public enum HookPoint {
    PRESTART("prestart", "creating"),
    CREATE_RUNTIME("createRuntime", "creating"),
    CREATE_CONTAINER("createContainer", "creating"),
    START_CONTAINER("startContainer", "created"),
    POSTSTART("poststart", "running"),
    POSTSTOP("poststop", "stopped");

    private final String property;
    private final String status;

    HookPoint(String property, String status) {
        this.property = property;
        this.status = status;
    }

    /** The container's status that its hooks read. */
    String status() {
        return status;
    }

    /** The JSON pointer of hook {@code index}. */
    String pointer(int index) {
        return "/hooks/" + property + "/" + index;
    }

    /** Its hooks, in the order in which they run. */
    public List<Hook> of(Hooks hooks) {
        return switch (this) {
            case PRESTART -> hooks.prestart();
            case CREATE_RUNTIME -> hooks.createRuntime();
            case CREATE_CONTAINER -> hooks.createContainer();
            case START_CONTAINER -> hooks.startContainer();
            case POSTSTART -> hooks.poststart();
            case POSTSTOP -> hooks.poststop();
        };
    }
}
