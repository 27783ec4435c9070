// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

/** Another operation on the container takes too long. To try again later may help. */
public final class ContainerBusyException extends ContainerException {

    private static final long serialVersionUID = 1;

    public ContainerBusyException(String message) {
        super(message);
    }
}
