// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Identifies the file that a path leads to. */
public final class FileIdentity {

    private FileIdentity() {}

    /**
     * Device and inode number, as a word.
     *
     * @throws IOException if there is no such file, or it cannot be looked at
     */
    public static String of(Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:dev,ino");
        return attributes.get("dev") + ":" + attributes.get("ino");
    }
}
