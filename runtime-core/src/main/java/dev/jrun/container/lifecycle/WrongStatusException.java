// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

/** What is asked for cannot be done to a container that is as this one is. */
public class WrongStatusException extends ContainerException {

    private static final long serialVersionUID = 1;

    private final Status status;

    public WrongStatusException(String message, Status status) {
        super(message);
        this.status = status;
    }

    /** How the container was when it was looked at. */
    public final Status status() {
        return status;
    }
}
