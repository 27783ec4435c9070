// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

import java.nio.file.Path;

/** The state of a container is there, but is none. */
public final class UnreadableStateException extends ContainerException {

    private static final long serialVersionUID = 1;

    private final boolean torn;

    private UnreadableStateException(String message, boolean torn, Throwable cause) {
        super(message, cause);
        this.torn = torn;
    }

    /** What is left of a state that jrun wrote: it says no more, and nobody will be able to read it. */
    public static UnreadableStateException torn(String message, Throwable cause) {
        return new UnreadableStateException(message + "; delete --force removes it", true, cause);
    }

    /** It may be that of another runtime, or of a newer jrun, and its container may run. */
    public static UnreadableStateException foreign(String message, Path directory, Throwable cause) {
        return new UnreadableStateException(
                message
                        + "; another runtime or a newer jrun may have written it: delete the container with that one,"
                        + " or, if it is no longer installed, remove " + directory + " by hand",
                false,
                cause);
    }

    /** Whether it is what is left of a state that jrun wrote. */
    public boolean isTorn() {
        return torn;
    }
}
