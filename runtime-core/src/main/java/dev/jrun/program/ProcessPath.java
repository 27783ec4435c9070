// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

/** {@code /proc/N/…}: a file about another process, proc(5). */
public final class ProcessPath extends NumberedPath {

    /** @param file below the process's directory */
    public ProcessPath(Assembler asm, String file) {
        super(asm, new byte[0], "/proc/", "/" + file);
    }
}
