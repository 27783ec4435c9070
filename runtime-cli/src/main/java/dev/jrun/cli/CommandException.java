// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.spec.Printable;

/** A call that cannot be done. The message is all that its caller is told. */
class CommandException extends Exception {

    CommandException(String message) {
        super(message);
    }

    /** 1 to 255. */
    int exitCode() {
        return 1;
    }

    /** Where to look for help, as one line; empty if there is none. */
    String hint() {
        return "";
    }

    /** What a caller is told. Parts of it may come from a document, an image, or a container. */
    String report() {
        return "jrun: " + Printable.ofLines(getMessage()) + "\n" + hint();
    }
}
