// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.recovery;

import dev.jrun.cli.testing.embedded.ChangedSession;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Instruction;
import dev.jrun.program.Program;
import dev.jrun.program.Session;
import java.util.List;

/** Has init end at the moment at which it is to execute its program, without a word, as if it were killed then. */
final class MuteInitSession extends ChangedSession {

    MuteInitSession(Session session) {
        super(session);
    }

    @Override
    protected Program changed(Program next) {
        int execution = last(Syscall.EXECVE, next);
        // What init reports is what is written last.
        return execution < 0
                ? next
                : next.failingAt(execution, Errno.EIO).failingAt(last(Syscall.WRITE, next), Errno.EIO);
    }

    private static int last(Syscall syscall, Program program) {
        List<Instruction> instructions = program.instructions();
        for (int index = instructions.size() - 1; index >= 0; index--) {
            if (instructions.get(index) instanceof Instruction.SystemCall call && call.call() == syscall) {
                return index;
            }
        }
        return -1;
    }
}
