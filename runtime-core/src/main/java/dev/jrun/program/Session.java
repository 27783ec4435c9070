// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import java.util.List;

/** A conversation with one shim process, which runs one program at a time. For use by one thread at a time. */
public interface Session {

    /** Sends {@code program}; its reports come from {@link #await()}. */
    void run(Program program) throws SessionBrokenException;

    /** Waits for what the shim says next. */
    Report await() throws SessionBrokenException;

    /** Has a program that reported {@link Report.Yielded} and waits go on behind that instruction. */
    default void go() throws SessionBrokenException {
        go(Program.NEXT, List.of());
    }

    /**
     * Has a program that reported {@link Report.Yielded} and waits go on.
     *
     * @param target the index of the instruction to go on with, or {@link Program#NEXT}
     * @param patches what to change in its image before
     */
    void go(int target, List<Patch> patches) throws SessionBrokenException;
}
