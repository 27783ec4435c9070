// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction;
import dev.jrun.program.Operand;
import dev.jrun.program.Program;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogAnnouncementTest {

    private static Program program(String log, String... messages) {
        var assembler = new Assembler();
        new LogAnnouncement(new LogFile(log), List.of(messages)).assemble(assembler);
        assembler.end();
        return assembler.assemble();
    }

    private static List<Instruction.SystemCall> calls(Program program) {
        List<Instruction.SystemCall> calls = new ArrayList<>();
        for (Instruction instruction : program.instructions()) {
            if (instruction instanceof Instruction.SystemCall call) {
                calls.add(call);
            }
        }
        return calls;
    }

    private static long count(Program program, Syscall call) {
        return calls(program).stream().filter(made -> made.call() == call).count();
    }

    @Test
    void noErrorOfItFailsTheLaunch() {
        for (String log : List.of("/log", "journald:me", "syslog:me")) {
            for (Instruction.SystemCall call : calls(program(log, "one\n", "two\n"))) {
                assertFalse(call.policy() instanceof Instruction.Policy.Fail, call::toString);
            }
        }
    }

    /** Signals are the container's by then, and nobody else could end the shim. */
    @Test
    void waitsForNoReader() {
        Program program = program("/log", "one\n");
        Instruction.SystemCall open = calls(program).getFirst();
        assertEquals(Syscall.OPENAT, open.call());
        long flags = ((Operand.Constant) open.arguments().get(2)).value();
        assertTrue((flags & OpenFlags.O_NONBLOCK) != 0);
        assertEquals(0, count(program, Syscall.RT_SIGPROCMASK));
        assertEquals(1, count(program("journald:me", "one"), Syscall.SETSOCKOPT));
    }

    @Test
    void eachMessageIsWrittenByItself() {
        // The last is the complaint on standard error.
        assertEquals(2 + 1, count(program("/log", "one\n", "two\n"), Syscall.WRITE));
        String bytes = new String(program("/log", "one\n").encode(Machine.X86_64), StandardCharsets.UTF_8);
        assertTrue(bytes.contains("jrun: cannot write to log file /log\n"));
    }
}
