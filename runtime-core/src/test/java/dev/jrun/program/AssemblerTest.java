// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import static dev.jrun.program.Operand.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Instruction.Policy;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class AssemblerTest {

    private final Assembler asm = new Assembler();

    @Test
    void anInstructionHasTheSourceThatWasSaidLast() {
        asm.source("/mounts/3", "mount tmpfs on /dev/shm");
        asm.call(Syscall.GETPID);
        asm.source(Source.runtime("done"));
        asm.end();
        Program program = asm.assemble();
        assertEquals(
                "config.json#/mounts/3: mount tmpfs on /dev/shm",
                program.source(0).toString());
        assertEquals("done", program.source(1).toString());
    }

    @Test
    void aSourceHasPartsAndCanBeRemarkedUpon() {
        Source mount = Source.of("/mounts/3", "mount tmpfs on /dev/shm");
        assertEquals(
                "config.json#/mounts/3/options/1: mount tmpfs on /dev/shm, which is no directory",
                mount.part("options/1").with(", which is no directory").toString());
        assertEquals("wait: again", Source.runtime("wait").with(": again").toString());
    }

    @Test
    void registersOfAScopeThatClosedAreUsedAgain() {
        Register kept = asm.register("kept");
        Register first;
        try (var _ = asm.scope()) {
            first = asm.register("first");
        }
        Register second = asm.register("second");
        assertEquals(first.number(), second.number());
        assertNotEquals(kept.number(), second.number());
        assertEquals("second", second.name());
    }

    @Test
    void registersRunOutBeforeThoseOfTheShim() {
        for (int i = 0; i < 58; i++) {
            assertEquals(i, asm.register("r" + i).number());
        }
        assertThrows(IllegalStateException.class, () -> asm.register("one too many"));
    }

    @Test
    void aLabelIsPlacedOnce() {
        Label label = asm.label("here");
        asm.place(label);
        assertThrows(IllegalStateException.class, () -> asm.place(label));
    }

    @Test
    void labelsOfOneNameAreDifferent() {
        Label first = asm.label("next");
        Label second = asm.label("next");
        asm.place(first);
        asm.move(asm.register("r"), value(0));
        asm.place(second);
        asm.end();
        Program program = asm.assemble();
        assertEquals(0, program.index(first));
        assertEquals(1, program.index(second));
    }

    @Test
    void aLabelThatIsNotPlacedHasNoIndex() {
        Label label = asm.label("nowhere");
        asm.go(label);
        Program program = asm.assemble();
        assertThrows(IllegalStateException.class, () -> program.index(label));
    }

    @Test
    void aLabelBehindTheLastInstructionHasNoIndex() {
        Label label = asm.label("behind");
        asm.go(label);
        asm.place(label);
        Program program = asm.assemble();
        assertThrows(IllegalStateException.class, () -> program.index(label));
    }

    @Test
    void aProgramDoesNotFallOffItsEnd() {
        asm.call(Syscall.GETPID);
        assertThrows(IllegalStateException.class, asm::assemble);
    }

    @Test
    void aProgramHasAnInstruction() {
        assertThrows(IllegalStateException.class, asm::assemble);
    }

    @Test
    void aProgramHasAtMost262144Instructions() {
        for (int i = 0; i < 262_144; i++) {
            asm.end();
        }
        assertEquals(262_144, asm.assemble().instructions().size());
        assertThrows(ProgramTooLargeException.class, asm::end);
    }

    @Test
    void anImageHasAtMost64Mebibytes() {
        asm.space(64 << 20);
        asm.end();
        assertEquals(64 << 20, asm.assemble().image().size());
        assertThrows(ProgramTooLargeException.class, () -> asm.space(1));
    }

    @Test
    void anImageHasAtMost262144Pointers() {
        List<String> texts = Collections.nCopies(1 << 17, "text");
        asm.strings(texts);
        asm.strings(texts);
        assertThrows(ProgramTooLargeException.class, () -> asm.strings(List.of("text")));
    }

    @Test
    void stringsHoldNoNul() {
        assertThrows(IllegalArgumentException.class, () -> asm.string("a\0b"));
    }

    @Test
    void aSystemCallHasAtMostSixArguments() {
        Operand zero = value(0);
        assertThrows(
                IllegalArgumentException.class,
                () -> asm.call(Syscall.GETPID, zero, zero, zero, zero, zero, zero, zero));
    }

    @Test
    void everyPartOfASystemCallIsKeptWhateverTheOrder() {
        Register result = asm.register("result");
        asm.call(Syscall.MKDIRAT, value(1)).ignore(Errno.EEXIST).retry().into(result);
        asm.end();
        var call = (Instruction.SystemCall) asm.assemble().instructions().getFirst();
        assertEquals(Syscall.MKDIRAT, call.call());
        assertEquals(List.of(value(1)), call.arguments());
        assertEquals(result, call.result().orElseThrow());
        assertEquals(new Policy.Ignore(List.of(Errno.EEXIST)), call.policy());
        assertEquals(Instruction.Attempts.RETRY, call.attempts());
    }

    @Test
    void anInstructionCanBeMadeToFail() {
        asm.source("/a", "first");
        asm.call(Syscall.GETPID);
        asm.end();
        Program failing = asm.assemble().failingAt(0, Errno.EIO);
        assertEquals(new Instruction.Fail(Errno.EIO), failing.instructions().getFirst());
        assertEquals("/a", failing.source(0).pointer());
        assertTrue(failing.instructions().getLast() instanceof Instruction.End);
    }
}
