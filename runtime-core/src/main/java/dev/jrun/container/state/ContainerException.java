// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

/** An operation on a container cannot be done. The message says all that its caller needs to know. */
public class ContainerException extends Exception {

    private static final long serialVersionUID = 1;

    public ContainerException(String message) {
        super(message);
    }

    public ContainerException(String message, Throwable cause) {
        super(message, cause);
    }
}
