// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import static dev.jrun.program.Operand.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Range;
import dev.jrun.program.Instruction.Width;
import java.util.List;
import org.junit.jupiter.api.Test;

class EncoderTest {

    private final Assembler asm = new Assembler();

    private Decoded encoded() {
        return Decoded.of(asm.assemble().encode(Machine.X86_64));
    }

    private Decoded.Step first() {
        return encoded().steps().getFirst();
    }

    @Test
    void theHeaderDescribesTheWhole() {
        asm.space(100);
        asm.bytes(new byte[] {1, 2, 3});
        asm.end();
        Decoded decoded = encoded();
        assertEquals(0x3150524a, decoded.magic());
        assertEquals(0, decoded.flags());
        assertEquals(8, decoded.data().length);
        assertEquals(8 + 104, decoded.image());
    }

    @Test
    void aProgramThatChangesNothingSaysSo() {
        asm.retryable();
        asm.end();
        assertEquals(1, encoded().flags());
    }

    @Test
    void aSystemCallHasTheNumberOfItsMachine() {
        asm.call(Syscall.OPENAT);
        asm.end();
        assertEquals(257, first().nr());
        assertEquals(
                56,
                Decoded.of(asm.assemble().encode(Machine.AARCH64))
                        .steps()
                        .getFirst()
                        .nr());
    }

    @Test
    void operandsAreConstantsRegistersAndAddresses() {
        Register register = asm.register("r");
        Address text = asm.string("text");
        asm.call(Syscall.OPENAT, value(-100), register, text).into(register);
        asm.end();
        Decoded decoded = encoded();
        Decoded.Step step = decoded.steps().getFirst();
        assertEquals(1, step.op());
        assertEquals(0, step.dst());
        assertEquals(List.of(0, 1, 2), List.of(step.kind(0), step.kind(1), step.kind(2)));
        assertEquals(-100, step.operands()[0]);
        assertEquals(0, step.operands()[1]);
        assertEquals("text", decoded.string(step.operands()[2]));
    }

    @Test
    void withoutAResultTheDestinationIsNone() {
        asm.call(Syscall.GETPID);
        asm.end();
        assertEquals(255, first().dst());
    }

    @Test
    void aPolicyListsItsErrnos() {
        Label end = asm.label("end");
        asm.call(Syscall.GETPID);
        asm.call(Syscall.GETPID).ignore(Errno.EEXIST, Errno.EROFS);
        asm.call(Syscall.GETPID).ignoreErrors();
        asm.call(Syscall.GETPID).on(end, Errno.ENOENT);
        asm.call(Syscall.GETPID).onError(end);
        asm.place(end);
        asm.end();
        List<Decoded.Step> steps = encoded().steps();
        assertEquals(
                List.of(0, 1, 1, 2, 2),
                steps.subList(0, 5).stream().map(Decoded.Step::policy).toList());
        assertEquals(List.of(0, 0, 0, 0), steps.get(0).errnos());
        assertEquals(List.of(17, 30, 0, 0), steps.get(1).errnos());
        assertEquals(List.of(255, 0, 0, 0), steps.get(2).errnos());
        assertEquals(List.of(2, 0, 0, 0), steps.get(3).errnos());
        assertEquals(List.of(255, 0, 0, 0), steps.get(4).errnos());
        assertEquals(5, steps.get(3).target());
        assertEquals(5, steps.get(4).target());
    }

    @Test
    void aPolicyHasAtMostFourErrnos() {
        asm.call(Syscall.GETPID).ignore(Errno.EPERM, Errno.ENOENT, Errno.ESRCH, Errno.EINTR, Errno.EIO);
        asm.end();
        Program program = asm.assemble();
        assertThrows(IllegalArgumentException.class, () -> program.encode(Machine.X86_64));
    }

    @Test
    void aSystemCallCanBeRetried() {
        asm.call(Syscall.OPENAT2).retry();
        asm.end();
        assertEquals(1, first().mode());
    }

    @Test
    void everyOtherInstructionHasItsNumbers() {
        Register r = asm.register("r");
        Address place = asm.space(16);
        Label end = asm.label("end");
        asm.move(r, value(7));
        asm.compute(r, r, Operation.SHIFT_RIGHT, value(8));
        asm.load(r, Width.SHORT, place.plus(2));
        asm.store(Width.INT, place, r, value(9));
        asm.format(place, r);
        asm.branch(r, Condition.NO_BIT, value(3), end);
        asm.onFail(end);
        asm.onFailEnd();
        asm.supervise(r, value(5));
        asm.fail(Errno.ETIMEDOUT);
        asm.exit(3);
        asm.adopt(r, value(6));
        asm.ready();
        asm.place(end);
        asm.end();
        List<Decoded.Step> steps = encoded().steps();
        assertEquals(
                List.of(2, 3, 4, 5, 6, 7, 8, 8, 10, 13, 11, 16, 12, 12),
                steps.stream().map(Decoded.Step::op).toList());
        assertEquals(
                List.of(0, 5, 2, 4),
                steps.subList(0, 4).stream().map(Decoded.Step::mode).toList());
        assertArrayEquals(new long[] {2, 0, 0, 0, 0, 0}, steps.get(2).operands());
        assertArrayEquals(new long[] {0, 0, 9, 0, 0, 0}, steps.get(3).operands());
        assertEquals(1, steps.get(3).kind(1));
        assertArrayEquals(new long[] {0, 0, 0, 0, 0, 0}, steps.get(4).operands());
        assertEquals(1, steps.get(4).kind(2));
        assertEquals(6, steps.get(5).mode());
        assertEquals(13, steps.get(5).target());
        assertEquals(13, steps.get(6).target());
        assertEquals(-1, steps.get(7).target());
        assertEquals(110, steps.get(9).operands()[0]);
        assertEquals(
                List.of(0, 1, 0),
                steps.subList(11, 14).stream().map(Decoded.Step::mode).toList());
        assertArrayEquals(new long[] {6, 0, 0, 0, 0, 0}, steps.get(11).operands());
    }

    @Test
    void offsetsOfMemoryInstructionsAreNumbersAndNoAddresses() {
        Register r = asm.register("r");
        Address place = asm.bytes(new byte[24]).plus(8);
        asm.load(r, Width.LONG, place);
        asm.end();
        Decoded.Step step = first();
        assertEquals(0, step.kind(0));
        assertEquals(8, step.operands()[0]);
    }

    @Test
    void aReportNamesRegistersAndRanges() {
        Register a = asm.register("a");
        Register b = asm.register("b");
        Address place = asm.bytes(new byte[8]);
        asm.tell(4, a, b);
        asm.ask(5, new Range(place, b), b);
        asm.tell(6, new Range(place, value(8)), new Range(place.plus(4), b));
        asm.end();
        List<Decoded.Step> steps = encoded().steps();
        assertArrayEquals(new long[] {4, 0, 0, 0, 0, 0b11}, steps.get(0).operands());
        assertEquals(0, steps.get(0).mode());
        assertArrayEquals(new long[] {5, 0, 1, 0, 0, 0b10}, steps.get(1).operands());
        assertEquals(1, steps.get(1).mode());
        assertEquals(1, steps.get(1).kind(2));
        assertArrayEquals(new long[] {6, 0, 8, 4, 1, 0}, steps.get(2).operands());
    }

    @Test
    void tablesOfPointersAreRelocatedAndEndWithNull() {
        Address table = asm.strings(List.of("one", "two"));
        Address space = asm.space(8);
        Address field = asm.bytes(new byte[8]);
        asm.point(field, space);
        asm.call(Syscall.EXECVE, table);
        asm.end();
        Decoded decoded = encoded();
        int start = (int) decoded.steps().getFirst().operands()[0];
        assertEquals(0, start % 8);
        assertEquals("one", decoded.string(decoded.number(start)));
        assertEquals("two", decoded.string(decoded.number(start + 8)));
        assertEquals(0, decoded.number(start + 16));
        assertEquals(List.of(start, start + 8, start + 24), decoded.relocations());
        assertEquals(decoded.data().length, decoded.number(start + 24));
    }

    @Test
    void largeSpaceLiesBehindTheSmall() {
        Address large = asm.space(513);
        Address small = asm.space(512);
        Address data = asm.bytes(new byte[8]);
        asm.end();
        Program program = asm.assemble();

        assertEquals(0, program.offset(data));
        assertEquals(8, program.offset(small));
        assertEquals(520, program.offset(large));
        assertEquals(520 + 520, program.image().size());
    }

    @Test
    void spaceLiesBehindTheDataThatIsAddedLater() {
        Address space = asm.space(8);
        asm.bytes(new byte[40]);
        asm.call(Syscall.READ, value(0), space, value(8));
        asm.end();
        assertEquals(40, first().operands()[1]);
        assertEquals(2, first().kind(1));
    }

    @Test
    void equalStringsShareAPlace() {
        assertEquals(asm.string("a"), asm.string("a"));
    }
}
