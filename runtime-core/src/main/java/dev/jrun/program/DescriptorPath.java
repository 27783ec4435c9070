// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

/** {@code /proc/self/fd/N…}: what a descriptor names, proc_pid_fd(5). */
public final class DescriptorPath extends NumberedPath {

    /**
     * @param head bytes that stand before the path, such as the family of a socket address
     * @param tail what follows the descriptor
     */
    public DescriptorPath(Assembler asm, byte[] head, String tail) {
        super(asm, head, "/proc/self/fd/", tail);
    }
}
