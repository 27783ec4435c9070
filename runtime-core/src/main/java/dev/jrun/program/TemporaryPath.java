// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import java.nio.file.Path;

/** A file's name until it is complete: beside the final name, with a number that no other process uses. */
public final class TemporaryPath extends NumberedPath {

    private static final String PREFIX = ".jrun-pid-";

    /** @param file absolute; how long its name is does not matter */
    public TemporaryPath(Assembler asm, Path file) {
        super(asm, new byte[0], file.resolveSibling(PREFIX).toString(), "");
    }
}
