// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Errno;
import dev.jrun.launch.create.AfterStart;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Assembler;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.program.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ConversationTest {

    private static final Report FINISHED = new Report.Finished();
    private static final Report HELD = report(Tag.HELD);
    private static final Report FAILED = new Report.Failed(1, Errno.EPERM.number());

    private static Report report(Tag tag) {
        return new Report.Yielded(tag.ordinal(), Map.of(), List.of());
    }

    private static Program program() {
        var asm = new Assembler();
        asm.source(Source.runtime("look"));
        asm.move(asm.register("number"), Register.FAILED_ERRNO);
        asm.source("/process", "do it");
        asm.end();
        return asm.assemble();
    }

    /** A shim that says this, whatever it is told. */
    private static final class Script implements Session {
        private final Queue<Report> reports;
        private final List<String> told = new ArrayList<>();

        Script(Report... reports) {
            this.reports = new ArrayDeque<>(List.of(reports));
        }

        @Override
        public void run(Program program) {
            told.add("run");
        }

        @Override
        public void queue(Program program) {
            told.add("queue");
        }

        @Override
        public void checkIsThere() {}

        @Override
        public void forgetReports() {}

        @Override
        public Report await() throws SessionBrokenException {
            if (reports.isEmpty()) {
                throw new SessionBrokenException("the shim has gone");
            }
            return reports.remove();
        }

        @Override
        public void go(int target, List<Patch> patches) {
            told.add("go " + target + " " + patches.size());
        }
    }

    private static Conversation with(Report... reports) throws SessionBrokenException {
        return Conversation.run(new Script(reports), program());
    }

    @Test
    void tellsTheReportThatIsDueAndThenTheEnd() throws Exception {
        Conversation conversation = with(HELD, report(Tag.KERNEL), FINISHED);
        assertSame(HELD, conversation.await(Tag.HELD));
        assertEquals(
                Tag.KERNEL.ordinal(),
                conversation
                        .awaitUnlessEnd(Tag.ADDRESSES, Tag.KERNEL)
                        .orElseThrow()
                        .tag());
        conversation.awaitEnd();
    }

    @Test
    void aProgramMayEndInPlaceOfAReport() throws Exception {
        assertTrue(with(FINISHED).awaitUnlessEnd(Tag.HELD).isEmpty());
        assertFalse(with(HELD).awaitUnlessEnd(Tag.HELD).isEmpty());
    }

    @Test
    void whatIsNotDueBreaksTheSession() throws Exception {
        assertBroken(
                "report 1 where it was to report [HELD]",
                () -> with(report(Tag.PREPARED)).await(Tag.HELD));
        assertBroken("Finished[] where", () -> with(FINISHED).await(Tag.HELD, Tag.KERNEL));
        assertBroken("Ready[] where", () -> with(new Report.Ready()).awaitUnlessEnd(Tag.HELD));
        assertBroken("report 1 where", () -> with(report(Tag.PREPARED)).awaitUnlessEnd(Tag.HELD));
        assertBroken("report 11 where it was to report []", () -> with(HELD).awaitEnd());
        assertBroken("Ready[] where", () -> with(new Report.Ready()).awaitEnd());
        assertBroken("Finished[] where", () -> with(FINISHED).awaitExecuted());
        assertBroken("the shim has gone", () -> with().awaitEnd());
    }

    private static void assertBroken(String words, Executable executable) {
        String message = assertThrows(SessionBrokenException.class, executable).getMessage();
        assertTrue(message.contains(words), message);
    }

    @Test
    void aFailureSaysWhichStepItWas() throws Exception {
        assertFailed(() -> with(FAILED).await(Tag.HELD));
        assertFailed(() -> with(FAILED).awaitUnlessEnd(Tag.HELD));
        assertFailed(() -> with(FAILED).awaitEnd());
        assertFailed(() -> with(FAILED).awaitExecuted());
        assertFailed(() -> with(FAILED).endAt(1));
        assertFailed(() -> Conversation.complete(new Script(FAILED), program()));
    }

    private static void assertFailed(Executable executable) {
        StepFailedException failure = assertThrows(StepFailedException.class, executable);
        assertEquals("config.json#/process: do it: operation not permitted", failure.getMessage());
        assertTrue(failure.is(Errno.EPERM));
        assertEquals("operation not permitted", failure.reason());
    }

    @Test
    void whatAForgottenProgramIsAboutIsAskedOfOthers() throws Exception {
        Conversation conversation = with(new Report.Failed(7, Errno.EPERM.number()));
        conversation.forgetProgram(
                new AfterStart(null, null, null, 0, 6, List.of(Source.runtime("wait"), Source.runtime("remove it"))));
        StepFailedException failure = assertThrows(StepFailedException.class, conversation::awaitEnd);
        assertEquals("remove it: operation not permitted", failure.getMessage());
    }

    @Test
    void answersGoToTheProgram() throws Exception {
        var script = new Script(FINISHED, new Report.Ready());
        Conversation conversation = Conversation.queue(script, program());
        conversation.go();
        conversation.go(List.of(new Patch(0, new byte[1])));
        conversation.goTo(1);
        conversation.endAt(0);
        conversation.awaitExecuted();
        assertEquals(List.of("queue", "go -1 0", "go -1 1", "go 1 0", "go 0 0"), script.told);
    }
}
