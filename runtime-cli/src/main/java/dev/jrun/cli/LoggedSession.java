// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.engine.ForwardingSession;
import dev.jrun.engine.OutputProgram;
import dev.jrun.kernel.Errno;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.List;
import org.slf4j.Logger;

/**
 * A session that logs its conversation. The shim writes the lines before each program, since it may end with that one.
 */
final class LoggedSession extends ForwardingSession {

    private final DebugLog log;
    private final Logger logger;
    private Program program;
    private boolean running;
    private Report early;

    LoggedSession(Session session, DebugLog log) {
        super(session);
        this.log = log;
        this.logger = log.logger();
    }

    @Override
    public void run(Program next) throws SessionBrokenException {
        logger.debug(
                "run a program of {} instructions, to begin with: {}",
                next.instructions().size(),
                next.source(0));
        program = next;
        write();
        super.run(next);
        running = true;
    }

    /**
     * The log is written between programs, so here the one that runs has to end. If none does, the shim has nothing to
     * say.
     */
    @Override
    public void queue(Program next) throws SessionBrokenException {
        if (running) {
            early = next();
        }
        run(next);
    }

    private void write() throws SessionBrokenException {
        var lines = new OutputProgram();
        log.moveTo(lines);
        super.run(lines.interlude());
        if (!(super.await() instanceof Report.Finished)) {
            throw new SessionBrokenException("the shim did not write the log");
        }
    }

    @Override
    public Report await() throws SessionBrokenException {
        if (early != null) {
            Report report = early;
            early = null;
            return report;
        }
        return next();
    }

    private Report next() throws SessionBrokenException {
        Report report = super.await();
        running = report instanceof Report.Yielded;
        if (report instanceof Report.Failed failed) {
            logger.debug("{} failed: {}", program.source(failed.instruction()), Errno.meaning(failed.errno()));
        } else if (report instanceof Report.Yielded yielded) {
            logger.debug("the shim reports {}: registers {}", yielded.tag(), yielded.registers());
        } else {
            logger.debug("the shim reports {}", report);
        }
        return report;
    }

    @Override
    public void go(int target, List<Patch> patches) throws SessionBrokenException {
        logger.debug("go on, with {} changes", patches.size());
        super.go(target, patches);
    }
}
