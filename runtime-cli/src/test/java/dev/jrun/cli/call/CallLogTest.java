// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.driver.CgroupDriver;
import dev.jrun.engine.OutputProgram;
import dev.jrun.kernel.Machine;
import dev.jrun.launch.Announcement;
import dev.jrun.program.Program;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallLogTest {

    private final OutputProgram output = new OutputProgram();

    private static CallLog of(String log, LogLevel level) {
        return new CallLog(
                new GlobalOptions("/r", true, log, LogFormat.JSON, level, List.of(), CgroupDriver.Kind.CGROUPFS));
    }

    private static String text(Program program) {
        return new String(program.encode(Machine.X86_64), StandardCharsets.UTF_8);
    }

    private String said() {
        return text(output.program(0));
    }

    private static int objects(String text) {
        return text.split("\\{\"level\"", -1).length - 1;
    }

    @Test
    void aCallThatFailsHasNothingButItsErrorInTheLog() {
        CallLog log = of("/log", LogLevel.WARNING);
        assertTrue(log.before(List.of("of the launch")).isEmpty());
        log.warn("of the rest");
        log.fail(output, new CommandException("no"));

        assertEquals(1, objects(said()));
        assertTrue(said().contains("{\"level\":\"error\",\"msg\":\"no\","));
        assertTrue(said().contains("jrun: warning: of the launch\njrun: warning: of the rest\n"));
    }

    @Test
    void aCallThatFailsInSeveralWaysHasOneErrorInTheLog() {
        CallLog log = of("/log", LogLevel.WARNING);
        log.error("a is gone");
        log.error("b is gone");
        log.fail(output, new CommandException("cannot kill 2 of 3"));

        assertEquals(1, objects(said()));
        assertTrue(said().contains("\"msg\":\"cannot kill 2 of 3: a is gone; b is gone\""));
        assertTrue(said().contains("jrun: a is gone\njrun: b is gone\n"));
    }

    /** What a launch warns of is said by the launch. */
    @Test
    void aCallThatSucceedsHasItsWarningsInTheLog() {
        CallLog log = of("/log", LogLevel.WARNING);
        log.before(List.of("of the launch"));
        log.warn("of the rest");
        log.succeed(output);

        assertEquals(1, objects(said()));
        assertTrue(said().contains("{\"level\":\"warning\",\"msg\":\"of the rest\","));
        assertFalse(said().contains("jrun: warning"));
    }

    @Test
    void withoutALogWarningsComeFirst() {
        CallLog log = of("", LogLevel.WARNING);
        assertTrue(text(log.before(List.of("of the launch")).orElseThrow()).contains("jrun: warning: of the launch\n"));
        assertSame(Announcement.NONE, log.onSuccess(List.of("of the launch")));
        log.warn("of the rest");
        log.fail(output, new CommandException("no"));

        assertEquals(0, objects(said()));
        assertTrue(said().contains("jrun: warning: of the rest\n"));
        assertFalse(said().contains("of the launch"));
    }

    @Test
    void whoWantsNoWarningsGetsNone() {
        for (String file : List.of("", "/log")) {
            CallLog log = of(file, LogLevel.ERROR);
            assertTrue(log.before(List.of("of the launch")).isEmpty());
            assertSame(Announcement.NONE, log.onSuccess(List.of("of the launch")));
            log.warn("of the rest");
            log.succeed(output);
            log.fail(output, new CommandException("no"));
            assertFalse(said().contains("of the"));
        }
    }

    /** Nothing is added to a program that has nothing to say. */
    @Test
    void aLaunchWithoutWarningsAnnouncesNothing() {
        assertSame(Announcement.NONE, of("/log", LogLevel.WARNING).onSuccess(List.of()));
    }
}
