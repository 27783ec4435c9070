// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

/** The state of a container is there, but is none. */
public final class UnreadableStateException extends ContainerException {

    private static final long serialVersionUID = 1;

    UnreadableStateException(String message, Throwable cause) {
        super(message, cause);
    }
}
