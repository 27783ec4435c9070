// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import java.io.IOException;

/** A cgroup cannot be made, read, changed or removed. The message names the controller and the file. */
public final class CgroupException extends IOException {
    private final String pointer;
    private final String reason;

    public CgroupException(String message) {
        this("", message, message, null);
    }

    public CgroupException(String message, Throwable cause) {
        this("", message, message, cause);
    }

    private CgroupException(String pointer, String reason, String message, Throwable cause) {
        super(message, cause);
        this.pointer = pointer;
        this.reason = reason;
    }

    /**
     * An error that a field of config.json is the cause of.
     *
     * @param pointer JSON pointer, such as {@code /linux/cgroupsPath}
     */
    public static CgroupException ofField(String pointer, String message) {
        return ofField(pointer, message, null);
    }

    public static CgroupException ofField(String pointer, String message, Throwable cause) {
        return new CgroupException(
                pointer, message, pointer.isEmpty() ? message : "config.json#" + pointer + ": " + message, cause);
    }

    /** The same, of which there is {@code more} to say. */
    public CgroupException and(String more) {
        return new CgroupException(pointer, reason + "; " + more, getMessage() + "; " + more, this);
    }

    /** JSON pointer (RFC 6901) into config.json, empty if no field is the cause. */
    public String pointer() {
        return pointer;
    }

    /** The message without the place in config.json. */
    public String reason() {
        return reason;
    }
}
