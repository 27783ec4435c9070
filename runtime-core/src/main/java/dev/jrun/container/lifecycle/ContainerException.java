// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

/** An operation on a container cannot be done. The message says all that its caller needs to know. */
public class ContainerException extends Exception {

    private static final long serialVersionUID = 1;

    private String left = "";

    public ContainerException(String message) {
        super(message);
    }

    public ContainerException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Says as well that what had been made of the container is still there, because of {@code failure}. */
    public void addLeft(ContainerException failure) {
        left = "; cleanup failed, run jrun delete to remove what is left of the container: " + failure.getMessage();
    }

    @Override
    public String getMessage() {
        return super.getMessage() + left;
    }
}
