// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.jrun.kernel.Machine;
import dev.jrun.launch.Caller;
import dev.jrun.launch.exec.ProcessProgram;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.terminal.CallerTerminals;
import dev.jrun.program.Program;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownReadingsTest {

    private static final Machine MACHINE = Machine.X86_64;
    private static final KernelCalls KERNEL = KernelCalls.all();

    private final KnownReadings readings = new KnownReadings(MACHINE);

    private static Caller caller(String home, String... arguments) {
        return new Caller(home, List.of(arguments), List.of(), CallerTerminals.NONE);
    }

    private byte[] of(Optional<String> document, Caller caller, int preserved, KernelCalls kernel) {
        Program program = readings.of(document, caller, preserved, kernel);
        assertArrayEquals(
                ProcessProgram.readAndSeal(document, caller, preserved, kernel).encode(MACHINE),
                program.encode(MACHINE));
        return program.encode(MACHINE);
    }

    @Test
    void aCallWithTheSameWordsHasTheSameProgram() {
        byte[] first = of(Optional.empty(), caller("/jrun", "exec", "c1"), 0, KERNEL);

        assertSame(first, of(Optional.empty(), caller("/jrun", "exec", "c1"), 0, KERNEL));
    }

    @Test
    void whateverDiffersMakesAnother() {
        byte[] first = of(Optional.of("p.json"), caller("/jrun", "exec", "c1"), 0, KERNEL);

        assertNotSame(first, of(Optional.empty(), caller("/jrun", "exec", "c1"), 0, KERNEL));
        assertNotSame(first, of(Optional.of("q.json"), caller("/jrun", "exec", "c1"), 0, KERNEL));
        assertNotSame(first, of(Optional.of("p.json"), caller("/other", "exec", "c1"), 0, KERNEL));
        assertNotSame(first, of(Optional.of("p.json"), caller("/jrun", "exec", "c2"), 0, KERNEL));
        assertNotSame(first, of(Optional.of("p.json"), caller("/jrun", "exec", "c1"), 1, KERNEL));
        assertNotSame(first, of(Optional.of("p.json"), caller("/jrun", "exec", "c1"), 0, KernelCalls.none()));
        assertSame(first, of(Optional.of("p.json"), caller("/jrun", "exec", "c1"), 0, KERNEL));
    }

    @Test
    void whatIsKnownSaysWhatItIsMadeOf() {
        Caller caller = caller("/jrun", "exec", "c1");
        readings.of(Optional.empty(), caller, 0, KERNEL);

        Program known = readings.of(Optional.empty(), caller, 0, KERNEL);

        assertEquals(
                ProcessProgram.readAndSeal(Optional.empty(), caller, 0, KERNEL)
                        .instructions()
                        .size(),
                known.instructions().size());
    }

    @Test
    void neitherManyNorLongOnesAreKept() {
        byte[] first = of(Optional.empty(), caller("/jrun", "exec", "c0"), 0, KERNEL);
        for (int i = 1; i <= 16; i++) {
            of(Optional.empty(), caller("/jrun", "exec", "c" + i), 0, KERNEL);
        }
        assertNotSame(first, of(Optional.empty(), caller("/jrun", "exec", "c0"), 0, KERNEL));

        Caller longer = caller("/jrun", "exec", "x".repeat(9000));
        assertNotSame(of(Optional.empty(), longer, 0, KERNEL), of(Optional.empty(), longer, 0, KERNEL));
    }
}
