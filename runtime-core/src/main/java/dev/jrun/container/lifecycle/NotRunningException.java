// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

/** The container does not run: it has ended, or is not complete yet. */
public final class NotRunningException extends WrongStatusException {

    private static final long serialVersionUID = 1;

    public NotRunningException(String message, Status status) {
        super(message, status);
    }
}
