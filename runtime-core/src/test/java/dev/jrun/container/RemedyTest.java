// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Errno;
import dev.jrun.program.Source;
import dev.jrun.spec.ConfigReader;
import dev.jrun.spec.Process;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RemedyTest {

    private static String remedy(String members, String pointer, Errno errno) {
        String text = "{\"ociVersion\": \"1.3.0\", \"process\": {\"cwd\": \"/\", " + members + "}}";
        Process process = ConfigReader.read(text.getBytes(StandardCharsets.UTF_8))
                .value()
                .orElseThrow()
                .process()
                .orElseThrow();
        return new Remedy(process, ProcessHandle.current().pid()).of(new Source(pointer, "do it"), errno.number());
    }

    /** The line of proc_pid_limits(5). */
    private static String hardLimit(String title) throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(text -> text.startsWith(title))
                .findFirst()
                .orElseThrow();
        String[] words = line.substring(title.length()).strip().split(" +");
        return words[1];
    }

    private static String limit(String type, String hard) {
        return "\"rlimits\": [{\"type\": \"%s\", \"soft\": 1, \"hard\": %s}]".formatted(type, hard);
    }

    @Test
    void aLimitThatMayNotBeRaisedIsNamed() throws IOException {
        assertEquals(
                " (the hard limit is " + hardLimit("Max processes") + ", and to raise it takes CAP_SYS_RESOURCE)",
                remedy(limit("RLIMIT_NPROC", "18446744073709551615"), "/process/rlimits/0", Errno.EPERM));
        assertEquals(
                " (the hard limit is " + hardLimit("Max open files") + ", and to raise it takes CAP_SYS_RESOURCE)",
                remedy(limit("RLIMIT_NOFILE", "1000"), "/process/rlimits/0", Errno.EPERM));
        assertEquals(
                " (the hard limit is " + hardLimit("Max realtime timeout")
                        + ", and to raise it takes CAP_SYS_RESOURCE)",
                remedy(limit("RLIMIT_RTTIME", "1000"), "/process/rlimits/0", Errno.EPERM));
    }

    @Test
    void moreFilesThanAProcessCanHaveAreNotPrivilege() throws IOException {
        String most;
        try (var in = new FileInputStream("/proc/sys/fs/nr_open")) {
            most = new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        }
        assertEquals(
                " (no process may have more than " + most + ", /proc/sys/fs/nr_open)",
                remedy(limit("RLIMIT_NOFILE", "18446744073709551615"), "/process/rlimits/0", Errno.EPERM));
    }

    @Test
    void theCallersOomScoreIsNamed() throws IOException {
        assertEquals(
                " (the caller's is "
                        + Files.readString(Path.of("/proc/self/oom_score_adj")).strip()
                        + ", and to lower it takes CAP_SYS_RESOURCE)",
                remedy("\"oomScoreAdj\": -5", "/process/oomScoreAdj", Errno.EACCES));
    }

    @Test
    void aSchedulerMayNeedMoreThanAPrivilege() {
        String fifo = "\"scheduler\": {\"policy\": \"SCHED_FIFO\", \"priority\": 1}";
        assertTrue(remedy(fifo, "/process/scheduler", Errno.EPERM).contains("realtimeRuntime"));
        assertEquals("", remedy(fifo, "/process/scheduler", Errno.EINVAL));
    }

    @Test
    void whatTheErrorSaysIsNotSaidAgain() {
        assertEquals("", remedy("\"env\": []", "/process/args/0", Errno.ENOENT));
        assertEquals("", remedy("\"env\": []", "", Errno.EPERM));
    }
}
