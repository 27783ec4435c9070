// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

/** Nothing can be found out of a process, since it was recorded in another pid namespace than is seen from here. */
public final class ForeignProcessException extends ContainerException {

    private static final long serialVersionUID = 1;

    public ForeignProcessException(String message) {
        super(message);
    }
}
