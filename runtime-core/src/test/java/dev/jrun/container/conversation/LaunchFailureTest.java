// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.WaitStatus;
import dev.jrun.program.Source;
import dev.jrun.spec.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchFailureTest {

    /** A hook's exit status 0. */
    private static final int FIRST_HOOK_STATUS = 1024;

    private static String describe(long errno, String diagnosis) {
        return LaunchFailure.describe("config.json#/a: do it", errno, diagnosis.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void saysTheStepAndTheError() {
        assertEquals("config.json#/a: do it: permission denied", describe(13, ""));
    }

    @Test
    void saysWhatTheKernelSaid() {
        assertEquals(
                "config.json#/a: do it: tmpfs: Unknown parameter 'sizee' (invalid argument)",
                describe(22, "e tmpfs: Unknown parameter 'sizee'\n"));
        assertEquals("config.json#/a: do it: no weight (invalid argument)", describe(22, "no weight"));
        assertEquals("config.json#/a: do it: ab (invalid argument)", describe(22, "ab"));
    }

    /** An image may say what is taken for the runtime's words, or for a terminal's orders. */
    @Test
    void saysNothingThatCouldBeTakenForALineOfItsOwn() {
        assertEquals(
                "config.json#/a: do it: tmpfs: Unknown parameter 'x\\u000ajrun: all is well' (invalid argument)",
                describe(22, "e tmpfs: Unknown parameter 'x\njrun: all is well'\n"));
        String hook = describe(FIRST_HOOK_STATUS, "it\njrun: all is well\n\u001b[31m");
        assertEquals(
                List.of("  jrun: all is well", "  \\u001b[31m"),
                hook.lines().skip(1).toList());
        assertEquals(
                "config.json#/process/args/0: exec \\u001b[31mred\\njrun: all is well",
                Source.of("/process/args/0", "exec \u001b[31mred\njrun: all is well")
                        .toString());
        assertEquals(
                "config.json#/a\\u000ab: found \"\\u001b\"; allowed: one\\u000aline",
                new Problem("/a\nb", "\"\u001b\"", "allowed: one\nline", Optional.empty()).in("config.json"));
    }

    @ParameterizedTest
    @CsvSource({"0", "41", "58", "134", "524", "4095", "-5", "99999999999"})
    void anErrorWithoutANameIsANumber(long errno) {
        assertEquals("config.json#/a: do it: error " + errno, describe(errno, ""));
    }

    @Test
    void everyNumberUpTo133HasAText() {
        for (int errno = 1; errno < 134; errno++) {
            assertEquals(0, describe(errno, "").indexOf("config.json#/a: do it: "));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "256 | exit code 1",
                "65280 | exit code 255",
                "9 | SIGKILL (killed from outside, or out of memory)",
                "11 | SIGSEGV",
                "139 | SIGSEGV",
                "31 | SIGSYS",
            })
    void aLostInitHasAnEnd(long status, String end) {
        assertEquals(
                "init ended before the container was ready: " + end,
                LaunchFailure.describeLoss(WaitStatus.of(status), 0));
    }

    @Test
    void aLaunchThatTakesTooManyStepsIsNoMatterOfLinks() {
        assertEquals(
                "config.json#/mounts/1: too many steps (limit: 50,000,000)",
                LaunchFailure.describe("config.json#/mounts/1", Errno.EXFULL.number(), new byte[0]));
    }
}
