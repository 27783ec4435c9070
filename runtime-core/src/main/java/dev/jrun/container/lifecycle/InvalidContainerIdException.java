// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

/** No container can have such an id. */
public final class InvalidContainerIdException extends ContainerException {

    private static final long serialVersionUID = 1;

    InvalidContainerIdException(String message) {
        super(message);
    }
}
