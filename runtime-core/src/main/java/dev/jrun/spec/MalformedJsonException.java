// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

/** A document is not JSON, or too big; the message says where and why. */
final class MalformedJsonException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedJsonException(String message) {
        super(message);
    }
}
