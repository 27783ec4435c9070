// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

/** A hook of a container that exists failed, so that the container has to be destroyed. */
public final class HookFailedException extends ContainerException {

    private static final long serialVersionUID = 1;

    public HookFailedException(String message) {
        super(message);
    }
}
