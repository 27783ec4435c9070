// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.recovery;

import dev.jrun.cli.testing.embedded.ChangedSession;
import dev.jrun.kernel.Errno;
import dev.jrun.program.Program;
import dev.jrun.program.Session;
import java.util.ArrayList;
import java.util.List;

/** Has one instruction of one of a call's programs fail. */
final class FaultySession extends ChangedSession {

    private final int program;
    private final int instruction;
    private final Errno errno;
    private final List<Program> programs = new ArrayList<>();

    /** @param program which of those that the call sends, from 0 */
    FaultySession(Session session, int program, int instruction, Errno errno) {
        super(session);
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
    protected Program changed(Program next) {
        programs.add(next);
        return programs.size() - 1 == program ? next.failingAt(instruction, errno) : next;
    }
}
