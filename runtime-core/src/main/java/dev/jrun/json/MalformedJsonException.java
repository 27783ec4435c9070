// SPDX-License-Identifier: Apache-2.0
package dev.jrun.json;

/** A document is not JSON, or too big; the message says where and why. */
public final class MalformedJsonException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedJsonException(String message) {
        super(message);
    }
}
