// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

/** There is a container of that id already. It is left alone. */
public final class ContainerExistsException extends ContainerException {

    private static final long serialVersionUID = 1;

    public ContainerExistsException(ContainerId id) {
        super("container with id \"" + id + "\" already exists");
    }
}
