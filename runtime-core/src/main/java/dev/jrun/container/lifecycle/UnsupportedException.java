// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

/** This machine cannot do what is asked for, or not for a container that was made like this one. */
public final class UnsupportedException extends ContainerException {

    private static final long serialVersionUID = 1;

    public UnsupportedException(String message) {
        super(message);
    }
}
