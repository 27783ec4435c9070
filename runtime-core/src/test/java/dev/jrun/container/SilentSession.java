// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.List;

/** The session of a caller that is not asked to do anything, and is there or has gone. */
public final class SilentSession implements Session {

    private final boolean gone;

    /** Of a caller that waits. */
    public SilentSession() {
        this(false);
    }

    private SilentSession(boolean gone) {
        this.gone = gone;
    }

    public static SilentSession ofGoneShim() {
        return new SilentSession(true);
    }

    @Override
    public void forgetReports() {}

    @Override
    public void checkIsThere() throws SessionBrokenException {
        if (gone) {
            throw new SessionBrokenException("the shim has gone");
        }
    }

    @Override
    public void run(Program program) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void queue(Program program) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Report await() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void go(int target, List<Patch> patches) {
        throw new UnsupportedOperationException();
    }
}
