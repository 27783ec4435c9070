// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.launch.LaunchedConfig;
import dev.jrun.program.Assembler;
import dev.jrun.program.Operand;
import dev.jrun.spec.Process.ConsoleSize;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TerminalRelayTest {

    private static final int ALL = 7;

    private static List<String> relayed(CallerTerminals caller) {
        Assembler asm = new Assembler();
        asm.register("pid");
        var status = asm.register("status");
        var master = asm.register("master");
        new TerminalRelay(asm, caller).supervise(status, Operand.value(7), master);
        asm.end();
        return LaunchedConfig.lines(asm.assemble(), _ -> true);
    }

    /**
     * O_NONBLOCK of what the caller's shell has open, too, would be the shell's as well, and stay if the shim is
     * killed.
     */
    @Test
    void terminalsAreOpenedAnewSoThatNobodyWaits() {
        assertEquals(
                List.of(
                        "input = -EBADF",
                        "input = openat(AT_FDCWD, \"/proc/self/fd/0\", O_RDONLY|O_NOCTTY|O_NONBLOCK|O_CLOEXEC)"
                                + "  ignoring every error",
                        "if input >= 0 go to opened anew",
                        "input = 0",
                        "output = -EBADF",
                        "output = openat(AT_FDCWD, \"/proc/self/fd/1\", O_WRONLY|O_NOCTTY|O_NONBLOCK|O_CLOEXEC)"
                                + "  ignoring every error",
                        "if output >= 0 go to opened anew",
                        "output = 1",
                        "fcntl(master, F_SETFL, 2050)",
                        "status = relay(7, master=master, input=input, output=output, size of 0)"),
                relayed(new CallerTerminals(ALL, 24, 80)).subList(0, 10));
    }

    /** A file that is opened anew would be written from its beginning; a socket cannot be. */
    @Test
    void ofOtherStreamsOnlyPipesAreOpenedAnew() {
        List<String> lines = relayed(new CallerTerminals(4, 24, 80));

        assertEquals(
                2, lines.stream().filter(line -> line.startsWith("if type != ")).count());
        assertEquals(
                "status = relay(7, master=master, input=input, output=output, size of 2)", lines.get(lines.size() - 2));
    }

    @Test
    void theSizeIsThatOfTheFirstTerminalOrTheConfiguredOne() {
        Optional<ConsoleSize> configured = Optional.of(new ConsoleSize(5, 7));

        assertEquals(
                Optional.of(new ConsoleSize(24, 80)),
                new Console.Relayed(new CallerTerminals(ALL, 24, 80), configured).size());
        assertEquals(configured, new Console.Relayed(CallerTerminals.NONE, configured).size());
        assertEquals(-1, CallerTerminals.NONE.first());
    }

    @Test
    void linesEndWithACarriageReturnWhereTheCallersTerminalAddsNone() {
        assertEquals(
                List.of(false, true, true, true),
                List.of(ALL, ALL & ~1, ALL & ~2, 0).stream()
                        .map(streams -> new Console.Relayed(new CallerTerminals(streams, 0, 0), Optional.empty())
                                .endsLinesAsWritten())
                        .toList());
    }
}
