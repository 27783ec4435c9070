// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import java.io.IOException;

/** The shim is gone, or what it says is not the protocol. */
public final class SessionBrokenException extends IOException {

    private static final long serialVersionUID = 1;

    public SessionBrokenException(String message) {
        super(message);
    }

    public SessionBrokenException(String message, Throwable cause) {
        super(message, cause);
    }
}
