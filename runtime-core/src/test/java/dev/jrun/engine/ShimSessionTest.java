// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Machine;
import dev.jrun.program.Assembler;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.SessionBrokenException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShimSessionTest {

    private static ShimSession session(Bytes... frames) {
        var all = new Bytes();
        for (Bytes frame : frames) {
            all.bytes(frame.array());
        }
        return ShimSession.beginning(Frames.alone(new MemoryWire(all.array())), Machine.X86_64);
    }

    private static Bytes frame(int type, Bytes payload) {
        return new Bytes().bytes(payload.frame(type));
    }

    private static Program program() {
        var assembler = new Assembler();
        assembler.end();
        return assembler.assemble();
    }

    private static Program programThatHolds() {
        var assembler = new Assembler();
        assembler.hold();
        assembler.end();
        return assembler.assemble();
    }

    @Test
    void reportsRegistersByTheirNumberAndBothRanges() throws Exception {
        var session = session(frame(
                Frames.YIELDED,
                new Bytes()
                        .number(5)
                        .number(0)
                        .number(1L << 63 | 1L << 2)
                        .number(-7L)
                        .number(9L)
                        .string("abc")
                        .string("")));
        var report = assertInstanceOf(Report.Yielded.class, session.await());
        assertEquals(5, report.tag());
        assertEquals(Map.of(2, -7L, 63, 9L), report.registers());
        assertArrayEquals("abc".getBytes(), report.ranges().get(0));
        assertEquals(0, report.ranges().get(1).length);
    }

    @Test
    void reportsTheOtherFrames() throws Exception {
        var session = session(
                frame(Frames.READY, new Bytes()),
                frame(Frames.FAILED, new Bytes().number(3).number(2)),
                frame(Frames.FAILED, new Bytes().number(3).number(524)),
                frame(Frames.FINISHED, new Bytes()));
        assertEquals(new Report.Ready(), session.await());
        session.run(program());
        assertEquals(new Report.Failed(3, Errno.ENOENT.number()), session.await());
        session.run(program());
        // ENOTSUPP, which no header names for programs, is not to be taken for another error.
        assertEquals(new Report.Failed(3, 524), session.await());
        session.run(program());
        assertEquals(new Report.Finished(), session.await());
        session.run(program());
        assertThrows(SessionBrokenException.class, session::await);
    }

    @Test
    void whatIsNotTheProtocolBreaksTheSession() {
        assertThrows(SessionBrokenException.class, session(frame(Frames.CALL, new Bytes()))::await);
        assertThrows(SessionBrokenException.class, session(frame(Frames.READY, new Bytes().number(1)))::await);
        assertThrows(SessionBrokenException.class, session(frame(Frames.FAILED, new Bytes().number(1)))::await);
        assertThrows(
                SessionBrokenException.class,
                session(frame(Frames.FAILED, new Bytes().number(1).number(4096)))::await);
        assertThrows(
                SessionBrokenException.class,
                session(frame(
                        Frames.YIELDED,
                        new Bytes().number(1).number(0).number(0L).number(99)))::await);
    }

    @Test
    void aShimThatRunsAProgramAwaitsNoOther() throws Exception {
        var session = session(
                frame(Frames.READY, new Bytes()),
                frame(
                        Frames.YIELDED,
                        new Bytes().number(1).number(0).number(0L).string("").string("")),
                frame(Frames.FINISHED, new Bytes()));
        session.await();
        session.run(program());
        assertFalse(session.awaitsProgram());
        assertThrows(IllegalStateException.class, () -> session.run(program()));
        session.await();
        assertFalse(session.awaitsProgram());
        session.await();
        assertTrue(session.awaitsProgram());
    }

    @Test
    void nobodyWaitsForAShimThatWaitsItself() throws Exception {
        var session = session(
                frame(Frames.READY, new Bytes()),
                frame(Frames.FINISHED, new Bytes()),
                frame(Frames.FINISHED, new Bytes()));
        session.await();
        assertThrows(IllegalStateException.class, session::await);
        session.run(program());
        session.queue(programThatHolds());
        session.await();
        assertThrows(IllegalStateException.class, session::await);
        session.go();
        session.await();
        assertThrows(IllegalStateException.class, session::await);
    }

    @Test
    void aProgramThatAsksSpeaksFirst() throws Exception {
        var session = session(
                frame(Frames.READY, new Bytes()),
                frame(Frames.FINISHED, new Bytes()),
                frame(
                        Frames.YIELDED,
                        new Bytes().number(1).number(0).number(0L).string("").string("")));
        session.await();
        session.run(program());
        session.queue(program());
        session.await();
        assertEquals(1, ((Report.Yielded) session.await()).tag());
    }

    @Test
    void goSendsTargetAndPatches() throws Exception {
        var wire = new MemoryWire(new byte[0]);
        var session = ShimSession.awaiting(Frames.alone(wire), Machine.X86_64);
        session.go(Program.NEXT, List.of(new Patch(16, new byte[] {1, 2})));
        assertArrayEquals(
                new Bytes()
                        .number(-1)
                        .number(1)
                        .number(16)
                        .number(2)
                        .bytes(new byte[] {1, 2})
                        .frame(Frames.GO),
                wire.written());
    }
}
