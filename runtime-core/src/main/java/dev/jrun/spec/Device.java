// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A device node in the container, mknod(2).
 *
 * @param path absolute path in the container
 * @param major 0 for a fifo
 * @param minor 0 for a fifo
 * @param fileMode permission bits, 0…07777; a file type in the document's number is left out. Absent: 0666
 * @param uid uint32, of the container's user namespace; absent: 0
 * @param gid uint32, of the container's user namespace; absent: 0
 */
public record Device(
        Type type, String path, long major, long minor, OptionalInt fileMode, OptionalLong uid, OptionalLong gid) {
    /** Types of device nodes. */
    public enum Type {
        BLOCK("b"),
        /** Also {@code u} ("unbuffered") in config.json, as in mknod(1). */
        CHARACTER("c"),
        FIFO("p");

        private final String specName;

        Type(String specName) {
            this.specName = specName;
        }

        /** The name in config.json. */
        public String specName() {
            return specName;
        }
    }
}
