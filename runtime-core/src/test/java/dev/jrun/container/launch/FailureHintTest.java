// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Errno;
import dev.jrun.program.Source;
import dev.jrun.spec.Config;
import dev.jrun.spec.reading.ConfigReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FailureHintTest {

    private static String remedy(String members, String pointer, Errno errno) {
        String text = "{\"ociVersion\": \"1.3.0\", \"process\": {\"cwd\": \"/\", " + members + "}}";
        Config config =
                ConfigReader.read(text.getBytes(StandardCharsets.UTF_8)).value().orElseThrow();
        return new FailureHint(config, ProcessHandle.current().pid()).of(Source.of(pointer, "do it"), errno.number());
    }

    /** execve(2) says EACCES, and so did runc until 1.2. */
    @Test
    void aDirectoryThatIsExecutedIsDeniedAsWell() {
        assertEquals(
                " (permission denied: a directory cannot be executed)",
                remedy("\"args\": [\"/etc\"]", "/process/args/0", Errno.EISDIR));
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

    /** A container with these options of a mount, and a user namespace whose ids are known to the kernel alone. */
    private static String mount(String type, String options, String pointer, Errno errno) {
        return remedy(
                "\"env\": []}, \"mounts\": [{\"destination\": \"/m\", \"source\": \"/s\", \"type\": \"" + type
                        + "\", \"options\": [" + options + "]}], \"linux\": {\"namespaces\":"
                        + " [{\"type\": \"mount\"}, {\"type\": \"user\", \"path\": \"/proc/7/ns/user\"}]",
                "/mounts/0/" + pointer,
                errno);
    }

    @Test
    void whatAMountCannotTakeBackInAUserNamespaceIsNamed() {
        assertEquals(
                " (the mount comes with nosuid, which cannot be changed in a user namespace)",
                mount("none", "\"bind\", \"suid\"", "options/1", Errno.EPERM));
        assertEquals(
                " (the mount comes with other access times, which cannot be changed in a user namespace)",
                mount("none", "\"bind\", \"noatime\"", "options/1", Errno.EPERM));
        assertEquals(
                " (one of the mounts comes with ro, which cannot be changed in a user namespace)",
                mount("none", "\"rbind\", \"rrw\"", "options/1", Errno.EPERM));
        assertEquals(
                " (one of the mounts comes with noexec, which cannot be changed in a user namespace)",
                mount("none", "\"rbind\", \"rexec\"", "options/1", Errno.EPERM));
        assertEquals("", mount("tmpfs", "\"noswap\"", "options/0", Errno.EPERM));
    }

    @Test
    void mountsBelowASourceComeAlongInAUserNamespace() {
        assertEquals(
                " (in a user namespace, what is mounted below a source comes along: use rbind)",
                mount("none", "\"bind\"", "source", Errno.EINVAL));
        assertEquals("", mount("none", "\"rbind\"", "source", Errno.EINVAL));
        assertEquals("", mount("none", "\"bind\"", "source", Errno.ENOENT));
    }

    @Test
    void idsThatAreNotMappedAreNamed() {
        assertEquals(
                " (gid 5 is not mapped in the container's user namespace)",
                mount("devpts", "\"gid=5\"", "options/0", Errno.EINVAL));
        assertEquals("", mount("devpts", "\"ptmxmode=abc\"", "options/0", Errno.EINVAL));
        String user = "\"env\": []}, \"linux\": {\"namespaces\": [{\"type\": \"user\", \"path\": \"/u\"}]";
        assertEquals(
                " (not mapped in the container's user namespace)", remedy(user, "/process/user/uid", Errno.EINVAL));
        assertEquals("", remedy("\"env\": []", "/process/user/uid", Errno.EINVAL));
    }
}
