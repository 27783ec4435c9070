// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import java.util.List;

/** A conversation with one shim process, which runs one program at a time. For use by one thread at a time. */
public interface Session {

    /** Sends {@code program}; its reports come from {@link #await()}. */
    void run(Program program) throws SessionBrokenException;

    /**
     * Sends {@code program} before the one that runs has ended, for the shim to read as soon as it has. It is run
     * whatever came of the one before, so it does nothing that lasts before the engine has answered: it
     * {@linkplain Assembler#hold() holds}, or asks. Its reports come behind those of the other.
     */
    void queue(Program program) throws SessionBrokenException;

    /**
     * Makes sure that the shim is still there, without waiting for it to say something: for who waits for anything
     * else.
     *
     * @throws SessionBrokenException if it has gone
     */
    void checkIsThere() throws SessionBrokenException;

    /** Says that what the shim has reported up to now is not needed any more: others may have the room that it took. */
    void forgetReports();

    /** Waits for what the shim says next. */
    Report await() throws SessionBrokenException;

    /** Has a program that waits, or will, go on behind the instruction that does. */
    default void go() throws SessionBrokenException {
        go(Program.NEXT, List.of());
    }

    /**
     * Has a program that reported {@link Report.Yielded} and waits go on, or one that {@linkplain Assembler#hold()
     * holds}, even before it does.
     *
     * @param target the index of the instruction to go on with, or {@link Program#NEXT}
     * @param patches what to change in its image before
     */
    void go(int target, List<Patch> patches) throws SessionBrokenException;
}
