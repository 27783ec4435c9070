// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.seccomp.Decision.Comparison;
import dev.jrun.seccomp.FilterAssembler.Label;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class FilterAssemblerTest {
    private static final int ALLOW = 0x7fff_0000;
    private static final int KILL = 0;

    private final FilterAssembler assembler = new FilterAssembler();

    @Test
    void writesFromTheEnd() {
        Label allow = assembler.ret(ALLOW);
        Label kill = assembler.ret(KILL);
        assembler.test(Comparison.EQUAL, 39, allow, kill);
        assembler.load(SeccompData.NUMBER);
        assertEquals(4 * FilterAssembler.INSTRUCTION_SIZE, assembler.assemble().length);
        assertEquals(ALLOW, run(39));
        assertEquals(KILL, run(40));
    }

    @Test
    void aResultIsRepeatedWhereItIsTooFarAway() {
        Label first = assembler.ret(ALLOW);
        assertEquals(first, assembler.ret(ALLOW));
        addTests(300);
        assertTrue(assembler.ret(ALLOW).size() > first.size());
    }

    @Test
    void aTargetThatIsTooFarAwayIsJumpedTo() {
        Label kill = assembler.ret(KILL);
        Label far = assembler.test(Comparison.EQUAL, 39, assembler.ret(ALLOW), kill);
        assertEquals(far, assembler.near(far));
        addTests(1000);
        int before = assembler.assemble().length / FilterAssembler.INSTRUCTION_SIZE;
        Label near = assembler.near(far);
        assertEquals(before + 1, near.size());
        assembler.test(Comparison.GREATER, 1_000_000, assembler.ret(KILL), near);
        assembler.load(SeccompData.NUMBER);
        assertEquals(ALLOW, run(39));
        assertEquals(KILL, run(40));
        assertEquals(KILL, run(2_000_000));
    }

    private void addTests(int count) {
        for (int i = 0; i < count; i++) {
            Label kill = assembler.ret(KILL);
            assembler.test(Comparison.ANY_BIT, i, kill, kill);
        }
    }

    private int run(int number) {
        FilterSimulator filter = new FilterSimulator(assembler.assemble(), ByteOrder.LITTLE_ENDIAN);
        return filter.run(new SystemCall(Abi.X86_64, number, 0, 0, 0, 0, 0, 0)).result();
    }
}
