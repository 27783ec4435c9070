// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

/** There is no container of that id. */
public final class NoSuchContainerException extends ContainerException {

    private static final long serialVersionUID = 1;

    public NoSuchContainerException(String id) {
        super("container \"" + id + "\" does not exist");
    }
}
