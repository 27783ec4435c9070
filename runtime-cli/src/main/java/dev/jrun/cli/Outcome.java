// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

/** How a command ended. */
sealed interface Outcome {

    /** The shim waits to be told to end with this exit code, 0 to 255. */
    record Exit(int code) implements Outcome {}

    /** The shim has been told how to end already. */
    record ShimEnds() implements Outcome {}

    Outcome SUCCESS = new Exit(0);
}
