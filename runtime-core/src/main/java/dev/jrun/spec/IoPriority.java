// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

/**
 * I/O priority of a process, ioprio_set(2).
 *
 * @param ioClass {@code class} in JSON
 * @param priority within the class, 0 (highest) … 7
 */
public record IoPriority(IoClass ioClass, int priority) {
    /** I/O scheduling classes. */
    public enum IoClass {
        IOPRIO_CLASS_RT,
        IOPRIO_CLASS_BE,
        IOPRIO_CLASS_IDLE
    }
}
