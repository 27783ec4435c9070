// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.program.Assembler;

/** {@code /proc/N/…}: a file about another process, proc(5). */
final class ProcessPath extends NumberedPath {

    /** @param file below the process's directory */
    ProcessPath(Assembler asm, String file) {
        super(asm, new byte[0], "/proc/", "/" + file);
    }
}
