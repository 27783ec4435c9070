// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.conversation;

import dev.jrun.launch.part.Tag;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.program.Source;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The exchange about one program, from when the shim gets it until it has ended. Callers say which report is due, and
 * get that report or learn what failed. A shim that says anything else is not reliable, and the session counts as
 * broken.
 */
public final class Conversation {

    private static final Tag[] NONE = {};

    private final Session session;
    private Program program;
    private Source.Steps others;

    private Conversation(Session session, Program program) {
        this.session = session;
        this.program = program;
    }

    /** Has the shim run {@code program}. */
    public static Conversation run(Session session, Program program) throws SessionBrokenException {
        session.run(program);
        return new Conversation(session, program);
    }

    /** Has the shim run {@code program} when the one that it runs has ended; see {@link Session#queue}. */
    public static Conversation queue(Session session, Program program) throws SessionBrokenException {
        session.queue(program);
        return new Conversation(session, program);
    }

    /**
     * Has the shim run a program that has nothing to report, and waits for its end.
     *
     * @throws StepFailedException if it fails
     */
    public static void complete(Session session, Program program) throws StepFailedException, SessionBrokenException {
        run(session, program).awaitEnd();
    }

    /**
     * Waits for the program's next report, which is one of these.
     *
     * @throws StepFailedException if it fails before
     */
    public Report.Yielded await(Tag... due) throws StepFailedException, SessionBrokenException {
        Report report = next();
        if (report instanceof Report.Yielded yielded && isAmong(due, yielded)) {
            return yielded;
        }
        throw unexpected(report, due);
    }

    /**
     * Waits likewise; empty if the program ends before.
     *
     * @throws StepFailedException if it fails before
     */
    public Optional<Report.Yielded> awaitUnlessEnd(Tag... due) throws StepFailedException, SessionBrokenException {
        Report report = next();
        if (report instanceof Report.Finished) {
            return Optional.empty();
        }
        if (report instanceof Report.Yielded yielded && isAmong(due, yielded)) {
            return Optional.of(yielded);
        }
        throw unexpected(report, due);
    }

    /**
     * Waits until the program has ended, which has nothing to report any more. The shim awaits its next program.
     *
     * @throws StepFailedException if it fails before
     */
    public void awaitEnd() throws StepFailedException, SessionBrokenException {
        Report report = next();
        if (!(report instanceof Report.Finished)) {
            throw unexpected(report, NONE);
        }
    }

    /**
     * Waits until the program has made the shim go on as its sealed copy. It awaits its next program.
     *
     * @throws StepFailedException if it fails before
     */
    public void awaitExecuted() throws StepFailedException, SessionBrokenException {
        Report report = next();
        if (!(report instanceof Report.Ready)) {
            throw unexpected(report, NONE);
        }
    }

    /** Has the program, which waits for an answer, go on. */
    public void go() throws SessionBrokenException {
        session.go();
    }

    /** Has it go on likewise, with {@code changes} to its memory. */
    public void go(List<Patch> changes) throws SessionBrokenException {
        session.go(Program.NEXT, changes);
    }

    /** Has it go on likewise, with the instruction of this index. */
    public void goTo(int instruction) throws SessionBrokenException {
        session.go(instruction, List.of());
    }

    /**
     * Has it go on where it only ends, and waits for that: its caller can be told then what is wrong.
     *
     * @throws StepFailedException if it fails before
     */
    public void endAt(int instruction) throws StepFailedException, SessionBrokenException {
        goTo(instruction);
        awaitEnd();
    }

    /** The program can be forgotten: what its instructions are about is known otherwise. */
    public void forgetProgram(Source.Steps known) {
        others = known;
        program = null;
    }

    private Report next() throws StepFailedException, SessionBrokenException {
        Report report = session.await();
        if (report instanceof Report.Failed failed) {
            throw new StepFailedException(
                    program == null ? others.step(failed.instruction()) : program.source(failed.instruction()),
                    failed.errno());
        }
        return report;
    }

    private static boolean isAmong(Tag[] due, Report.Yielded report) {
        for (Tag tag : due) {
            if (tag.ordinal() == report.tag()) {
                return true;
            }
        }
        return false;
    }

    private static SessionBrokenException unexpected(Report report, Tag[] due) {
        String said = report instanceof Report.Yielded yielded ? "report " + yielded.tag() : report.toString();
        return new SessionBrokenException("the shim said " + said + " where it was to report " + Arrays.toString(due));
    }
}
