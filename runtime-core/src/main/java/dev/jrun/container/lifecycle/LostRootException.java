// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

/** The directory of states has gone, or nobody can write to it any more. */
public final class LostRootException extends ContainerException {

    private static final long serialVersionUID = 1;

    public LostRootException(String message, Throwable cause) {
        super(message, cause);
    }
}
