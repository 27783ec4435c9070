// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

/**
 * Why an instruction is there: the part of config.json that asked for it, and what it is to achieve.
 *
 * @param pointer a JSON pointer (RFC 6901) into config.json, empty if no single field asked for it
 * @param intent a few words, such as {@code mount tmpfs on /dev/shm}
 */
public record Source(String pointer, String intent) {

    /** A source that is the runtime's own doing. */
    public static Source runtime(String intent) {
        return new Source("", intent);
    }

    /** A source that is a member of the object at {@code pointer}, under any name. */
    public static Source member(String pointer, String name, String intent) {
        return new Source(pointer + "/" + name.replace("~", "~0").replace("/", "~1"), intent);
    }

    /** {@code config.json#/mounts/3: mount tmpfs on /dev/shm}, or the intent alone. */
    @Override
    public String toString() {
        return pointer.isEmpty() ? intent : "config.json#" + pointer + ": " + intent;
    }
}
