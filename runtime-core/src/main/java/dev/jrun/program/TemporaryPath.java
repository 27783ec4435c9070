// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import java.nio.file.Path;

/**
 * A name beside a file, with a number in it that no other process has: what the file is called until it is complete.
 */
public final class TemporaryPath extends NumberedPath {

    private static final String PREFIX = ".jrun-pid-";

    /** @param file absolute; how long its name is does not matter */
    public TemporaryPath(Assembler asm, Path file) {
        super(asm, new byte[0], file.resolveSibling(PREFIX).toString(), "");
    }
}
