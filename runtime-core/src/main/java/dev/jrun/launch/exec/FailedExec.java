// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.exec;

/** What a caller is told of an {@code exec} that cannot be done, by the engine or, where it is lost, by the shim. */
public final class FailedExec {

    /** As with runc, one that the process itself hardly ever has. */
    public static final int EXIT_CODE = 255;

    private FailedExec() {}

    /** @param reason why it cannot be done */
    public static String message(String reason) {
        return "exec failed: " + reason;
    }
}
