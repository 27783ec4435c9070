// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

/** The container is paused. */
public final class PausedException extends WrongStatusException {

    private static final long serialVersionUID = 1;

    public PausedException(String message) {
        super(message, Status.PAUSED);
    }
}
