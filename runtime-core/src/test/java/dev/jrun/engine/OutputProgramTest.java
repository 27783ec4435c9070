// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Instruction;
import dev.jrun.program.Program;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputProgramTest {

    private static List<Syscall> calls(Program program) {
        return program.instructions().stream()
                .filter(Instruction.SystemCall.class::isInstance)
                .map(instruction -> ((Instruction.SystemCall) instruction).call())
                .toList();
    }

    private static String bytes(Program program) {
        return new String(program.encode(Machine.X86_64), StandardCharsets.UTF_8);
    }

    @Test
    void oneThatSaysNothingMakesNoCall() {
        Program program = new OutputProgram().program(7);
        assertEquals(List.of(), calls(program));
        assertTrue(program.instructions().getLast() instanceof Instruction.Exit);
    }

    @Test
    void opensTheLogOnlyToWriteToIt() {
        var output = new OutputProgram();
        output.print("out");
        assertFalse(calls(output.program(0)).contains(Syscall.OPENAT));
        output.log("/log", "line\n");
        Program program = output.program(0);
        assertTrue(calls(program).contains(Syscall.OPENAT));
        assertTrue(calls(program).contains(Syscall.CLOSE));
        assertTrue(bytes(program).contains("/log\0"));
        assertTrue(bytes(program).contains("jrun: cannot open the log file /log\n"));
    }

    @Test
    void everyErrorOfACallIsTakenCareOf() {
        var output = new OutputProgram();
        output.print("out");
        output.printError("error");
        output.log("/log", "line\n");
        for (Instruction instruction : output.program(0).instructions()) {
            if (instruction instanceof Instruction.SystemCall call) {
                assertFalse(call.policy() instanceof Instruction.Policy.Fail, call::toString);
            }
        }
    }

    @Test
    void anInterludeLeavesTheShimWaiting() {
        var output = new OutputProgram();
        output.print("out");
        assertTrue(output.interlude().instructions().getLast() instanceof Instruction.End);
    }
}
