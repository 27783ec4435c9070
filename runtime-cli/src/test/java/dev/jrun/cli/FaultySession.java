// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.kernel.Errno;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.ArrayList;
import java.util.List;

/** Has one instruction of one of a call's programs fail. */
final class FaultySession implements Session {

    private final Session session;
    private final int program;
    private final int instruction;
    private final Errno errno;
    private final List<Program> programs = new ArrayList<>();

    /** @param program which of those that the call sends, from 0 */
    FaultySession(Session session, int program, int instruction, Errno errno) {
        this.session = session;
        this.program = program;
        this.instruction = instruction;
        this.errno = errno;
    }

    /** Changes nothing. */
    FaultySession(Session session) {
        this(session, -1, 0, Errno.EIO);
    }

    /** All that were sent, unchanged. */
    List<Program> programs() {
        return programs;
    }

    @Override
    public void run(Program next) throws SessionBrokenException {
        session.run(sent(next));
    }

    @Override
    public void queue(Program next) throws SessionBrokenException {
        session.queue(sent(next));
    }

    private Program sent(Program next) {
        programs.add(next);
        return programs.size() - 1 == program ? next.failingAt(instruction, errno) : next;
    }

    @Override
    public void checkIsThere() throws SessionBrokenException {
        session.checkIsThere();
    }

    @Override
    public Report await() throws SessionBrokenException {
        return session.await();
    }

    @Override
    public void go(int target, List<Patch> patches) throws SessionBrokenException {
        session.go(target, patches);
    }
}
