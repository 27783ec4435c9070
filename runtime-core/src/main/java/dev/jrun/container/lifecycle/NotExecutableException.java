// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

/** The program of a process is not in the container, or cannot be executed. */
public final class NotExecutableException extends ContainerException {

    private static final long serialVersionUID = 1;

    public NotExecutableException(String message) {
        super(message);
    }
}
