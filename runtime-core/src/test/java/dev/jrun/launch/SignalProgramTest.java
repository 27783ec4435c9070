// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Signal;
import dev.jrun.launch.part.KernelCalls;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SignalProgramTest {

    @Test
    void aProcessIsHeldBeforeItIsSignalled() {
        assertEquals(
                List.of(
                        "process = pidfd_open(42, 0)  on ESRCH go to end",
                        "ask HELD",
                        "pidfd_send_signal(process, SIGTERM, NULL, 0)  ignoring ESRCH",
                        "end of the program"),
                LaunchedConfig.lines(SignalProgram.toInit(42, Signal.TERM, KernelCalls.all()), source -> true));
    }

    @Test
    void theEndOfAKilledProcessIsWaitedForAWhile() {
        List<String> lines = LaunchedConfig.lines(SignalProgram.killAndWait(42, 1500), source -> true);
        String wait = "ready = ppoll({fd=process, events=POLLIN}, nfds=1, {tv_sec=1, tv_nsec=500000000}, ~[";
        assertTrue(lines.stream().anyMatch(line -> line.startsWith(wait)), lines::toString);
        assertTrue(lines.contains("fail with ETIMEDOUT"));
    }

    @Test
    void severalAreHeldAllBeforeItIsMadeSureOfThem() {
        GroupSignal group = new GroupSignal(List.of(1, 2), Signal.TERM, KernelCalls.all());
        assertEquals(
                List.of(
                        "process = pidfd_open(1, 0)  on ESRCH go to next process",
                        "process = pidfd_open(2, 0)  on ESRCH go to next process",
                        "pidfd_send_signal(process, SIGTERM, NULL, 0)  ignoring ESRCH",
                        "close(process)",
                        "pidfd_send_signal(process, SIGTERM, NULL, 0)  ignoring ESRCH",
                        "close(process)"),
                LaunchedConfig.calls(group.program()));
        List<String> lines = LaunchedConfig.lines(group.program(), source -> true);
        assertTrue(lines.indexOf("ask HELD")
                > lines.lastIndexOf("process = pidfd_open(2, 0)  on ESRCH go to next process"));
        assertTrue(lines.indexOf("ask HELD") < lines.indexOf("close(process)"));
        assertArrayEquals(
                new byte[] {0, 1}, group.confirm(Set.of(2, 3)).getFirst().bytes());
    }

    /** Who listens on init's socket afterwards is alive, so nobody else had its pid when it was held. */
    @Test
    void startHoldsInitBeforeItConnectsIfItIsToWait() {
        var start = new StartProgram(LaunchedConfig.STATE, Machine.X86_64, Optional.empty(), OptionalLong.of(7));
        List<String> lines = LaunchedConfig.lines(start.program(), source -> true);

        int held = lines.indexOf("pidfd = pidfd_open(7, 0)");
        assertTrue(held >= 0, lines::toString);
        assertTrue(held
                < lines.indexOf("connect(socket, {sun_family=AF_UNIX,"
                        + " sun_path=\"/proc/self/fd/<directory>/init.sock\"}, addrlen=56)"));
        assertTrue(lines.contains("tell START_CLOSED: notify socket, pidfd"), lines::toString);
    }

    @Test
    void startConnectsThroughTheDirectoryBecauseItsPathMayBeTooLong() {
        var start = new StartProgram(LaunchedConfig.STATE, Machine.X86_64, Optional.empty(), OptionalLong.empty());
        List<String> lines = LaunchedConfig.lines(start.program(), source -> true);
        assertTrue(lines.contains("connect(socket, {sun_family=AF_UNIX,"
                + " sun_path=\"/proc/self/fd/<directory>/init.sock\"}, addrlen=56)"));
        assertTrue(lines.contains("sendto(socket, \"s\", size=1, MSG_NOSIGNAL, NULL, 0)"));
        assertTrue(lines.contains("tell START_CLOSED"));
        assertTrue(lines.contains("tell INIT_FAILED: init's errno, init's instruction, length bytes of [buffer+16]")
                || lines.contains("tell INIT_FAILED: init's instruction, init's errno, length bytes of [buffer+16]"));
    }
}
