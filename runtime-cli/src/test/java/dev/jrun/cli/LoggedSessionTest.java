// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.jrun.cgroup.driver.CgroupDriver;
import dev.jrun.cli.call.GlobalOptions;
import dev.jrun.cli.call.LogFormat;
import dev.jrun.cli.call.LogLevel;
import dev.jrun.program.Assembler;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoggedSessionTest {

    /**
     * A shim that runs a program when it has no other, and ends each at once; with nothing to run it has nothing to
     * say.
     */
    private static final class Shim implements Session {

        private int unfinished;
        private int taken;

        @Override
        public void run(Program program) {
            unfinished++;
            taken++;
        }

        @Override
        public void queue(Program program) {
            throw new AssertionError("the log is written before a program, so that none is queued");
        }

        @Override
        public Report await() {
            if (unfinished == 0) {
                throw new AssertionError("waits for a shim that waits itself");
            }
            unfinished--;
            return new Report.Finished();
        }

        @Override
        public void forgetReports() {}

        @Override
        public void checkIsThere() {}

        @Override
        public void go(int target, List<Patch> patches) {}
    }

    private static Program program() {
        var assembler = new Assembler();
        assembler.end();
        return assembler.assemble();
    }

    private final Shim shim = new Shim();
    private final LoggedSession session = new LoggedSession(
            shim,
            new DebugLog(new GlobalOptions(
                    "/r", true, "", LogFormat.TEXT, LogLevel.DEBUG, List.of(), CgroupDriver.Kind.CGROUPFS)));

    @Test
    void aProgramIsQueuedWhereNoneRuns() throws Exception {
        session.queue(program());
        assertInstanceOf(Report.Finished.class, session.await());
        assertEquals(2, shim.taken, "the log, and the program");
    }

    @Test
    void aProgramIsQueuedBehindAnother() throws Exception {
        session.run(program());
        session.queue(program());
        assertInstanceOf(Report.Finished.class, session.await());
        assertInstanceOf(Report.Finished.class, session.await());
        session.queue(program());
        assertInstanceOf(Report.Finished.class, session.await());
        assertEquals(6, shim.taken, "three times the log, and a program");
    }
}
