// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.spec.fixtures.CapturedDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Seccomp filters of real containers. */
class SeccompIT extends RealContainers {

    private static final CapturedDocument CAPTURED = new CapturedDocument("docker-20.10-bridge");
    private static final int ENOTTY = 25;
    private static final int EMFILE = 24;
    private static final int SIGSEGV = 11;
    private static final int SIGSYS = 31;

    private static String dockersProfile() {
        return OciRuntime.json(CAPTURED.text()).at("/linux/seccomp").toString();
    }

    private static String forbids(String calls, String action) {
        return "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [" + calls + "], " + action + "}]}";
    }

    private Bundle bundle(String profile) {
        return sandbox.bundle().with("/linux/seccomp", profile).with("/root/readonly", "false");
    }

    private Execution run(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId());
    }

    /** Not even exit_group(2) is allowed. */
    @Test
    void aProfileThatAllowsNothingEndsTheContainer() {
        Execution run = run(bundle("{\"defaultAction\": \"SCMP_ACT_ERRNO\"}").runs("true"));

        assertNotEquals(0, run.code(), run::toString);
        sandbox.assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void dockersProfileIsInForce(boolean noNewPrivileges) throws IOException {
        for (String user : new String[] {"{\"uid\": 0, \"gid\": 0}", "{\"uid\": 1000, \"gid\": 1000}"}) {
            Bundle bundle = bundle(dockersProfile())
                    .with("/process/noNewPrivileges", Boolean.toString(noNewPrivileges))
                    .with("/process/user", user)
                    .runsScript("grep -E 'Seccomp:|CapPrm|NoNew' /proc/self/status; unshare -U true 2>&1; echo done");

            Execution run = run(bundle).succeeds();

            String capabilities = user.contains("1000") ? "0000000000000000" : "0000000020000420";
            assertEquals(
                    "CapPrm:\t" + capabilities + "\nNoNewPrivs:\t" + (noNewPrivileges ? 1 : 0)
                            + "\nSeccomp:\t2\nunshare: unshare(0x10000000): Operation not permitted\ndone\n",
                    run.output());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void containersLookTheSameAsWithRunc(boolean noNewPrivileges) throws IOException {
        Programs.need("runc");
        Bundle bundle = bundle(dockersProfile())
                .with("/process/noNewPrivileges", Boolean.toString(noNewPrivileges))
                .runsScript("grep -E 'Seccomp|Cap|NoNew|Specul' /proc/self/status; unshare -U true 2>&1");
        String id = sandbox.newId();

        Execution expected = sandbox.installed("runc").orElseThrow().call("run", "--bundle", bundle.path(), id);

        assertEquals(
                expected.output(),
                jrun.call("run", "--bundle", bundle.path(), id).output());
    }

    @Test
    void anErrorIsTheConfiguredOne() {
        Bundle bundle = bundle(
                        forbids("\"mkdir\", \"mkdirat\"", "\"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": " + EMFILE))
                .runsScript("mkdir /tmp/x 2>&1");

        assertTrue(
                run(bundle).output().contains("Too many open files"),
                () -> run(bundle).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_TRAP"})
    void aKilledProcessEndsAsBySignal(String action) {
        Bundle bundle = bundle(forbids("\"mkdir\", \"mkdirat\"", "\"action\": \"" + action + "\""))
                .runs("mkdir", "/tmp/x");

        assertEquals(128 + SIGSYS, run(bundle).code());
        assertFalse(Files.exists(bundle.rootfs().resolve("tmp/x")));
    }

    /** umask(2) is called by the shell itself. */
    @ParameterizedTest
    @CsvSource({"SCMP_ACT_TRAP, trapped", "SCMP_ACT_KILL_PROCESS, ''"})
    void aTrappedProcessMayHandleTheSignal(String action, String expected) {
        Bundle bundle = bundle(forbids("\"umask\"", "\"action\": \"" + action + "\""))
                .runsScript("trap 'echo trapped' SYS; umask 77");

        assertEquals(expected, run(bundle).output().strip());
    }

    @Test
    void whatIsOnlyLoggedIsDone() {
        Bundle bundle = bundle(forbids("\"mkdir\", \"mkdirat\"", "\"action\": \"SCMP_ACT_LOG\""))
                .runsScript("grep Seccomp: /proc/self/status; mkdir /tmp/x");

        assertEquals("Seccomp:\t2\n", run(bundle).succeeds().output());
        assertTrue(Files.exists(bundle.rootfs().resolve("tmp/x")));
    }

    @Test
    void whereNobodyTracesTheCallIsNotImplemented() {
        Bundle bundle = bundle(forbids("\"mkdir\", \"mkdirat\"", "\"action\": \"SCMP_ACT_TRACE\", \"errnoRet\": 7"))
                .runs("mkdir", "/tmp/x");

        run(bundle).failsWith("mkdir: can't create directory '/tmp/x': Function not implemented");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOG", "SPEC_ALLOW", "TSYNC", "WAIT_KILLABLE_RECV"})
    void aFilterWithAFlagIsInForce(String flag) {
        Bundle bundle = bundle(forbids("\"sethostname\"", "\"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": " + EMFILE))
                .with("/linux/seccomp/flags", "[\"SECCOMP_FILTER_FLAG_" + flag + "\"]")
                .runs("hostname", "other");

        run(bundle).failsWith("hostname: sethostname: Too many open files");
    }

    /**
     * A program of x86_64 calls getuid(2) once as another architecture: i386 by int 0x80, x32 by a bit of the number,
     * which is filtered also where the kernel does not have x32. It ends with the error that it gets.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mov $24, %eax; int $0x80          | "SCMP_ARCH_X86_64"                    | 159
            mov $24, %eax; int $0x80          | "SCMP_ARCH_X32"                       | 159
            mov $24, %eax; int $0x80          | "SCMP_ARCH_X86"                       | 25
            mov $24, %eax; int $0x80          | "SCMP_ARCH_X86_64", "SCMP_ARCH_X86"   | 25
            mov $0x40000066, %eax; syscall    | "SCMP_ARCH_X86_64", "SCMP_ARCH_X86"   | 159
            mov $0x40000066, %eax; syscall    | "SCMP_ARCH_X32"                       | 25
            """)
    void callsOfOtherArchitecturesAreThoseOfTheProfileOrKill(String call, String architectures, int code)
            throws IOException {
        Programs.skipUnless(System.getProperty("os.arch").equals("amd64"), "the calls are those of x86_64");
        Programs.need("cc");
        Bundle bundle = bundle(forbids("\"getuid\"", "\"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": " + ENOTTY))
                .with("/linux/seccomp/architectures", "[" + architectures + "]")
                .runs("/bin/call");
        Path source = Files.writeString(
                directory.resolve("call.s"),
                ".globl _start\n_start: " + call + "; neg %eax; mov %eax, %edi; mov $60, %eax; syscall\n");
        String program = bundle.rootfs().resolve("bin/call").toString();
        Programs.run("cc", "-static", "-nostdlib", "-o", program, source.toString());
        Programs.skipUnless(
                Execution.of(new ProcessBuilder(program)).code() != 128 + SIGSEGV, "this kernel has no calls of i386");

        assertEquals(code, run(bundle).code());
    }

    /** What jrun itself calls when the filter is in force is as little as the documentation says. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFilterNeedsToAllowLittleForJrun(boolean noNewPrivileges) {
        String mine = noNewPrivileges ? "\"execve\"" : "\"execve\", \"capset\"";
        String programs =
                "\"arch_prctl\", \"set_tid_address\", \"brk\", \"mprotect\", \"getuid\", \"prctl\", \"exit_group\", "
                        + "\"readlink\", \"readlinkat\", \"getrandom\", \"prlimit64\", \"set_robust_list\", \"rseq\", \"uname\", \"mmap\", \"munmap\"";
        Bundle bundle = bundle("{\"defaultAction\": \"SCMP_ACT_KILL_PROCESS\", \"syscalls\": [{\"names\": [" + mine
                        + ", " + programs + "], \"action\": \"SCMP_ACT_ALLOW\"}]}")
                .with("/process/noNewPrivileges", Boolean.toString(noNewPrivileges))
                .runs("true");
        String id = sandbox.newId();

        run(bundle).succeeds();
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        jrun.call("start", id).succeeds();
    }

    @Test
    void aFilterThatForbidsExecveFailsTheStart() {
        Bundle bundle = bundle(forbids("\"execve\"", "\"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": " + EMFILE))
                .runs("true");
        String id = sandbox.newId();

        run(bundle).failsWith("config.json#/process/args/0: exec true: too many open files");
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        jrun.call("start", id).failsWith("config.json#/process/args/0: exec true: too many open files");
        jrun.call("delete", id).succeeds();
    }

    /** Once its parent has waited for it, nobody can tell how init ended: here it is one that does not. */
    @Test
    void aFilterThatKillsInitFailsTheStart() {
        Programs.need("perl");
        Bundle bundle = bundle(forbids("\"execve\"", "\"action\": \"SCMP_ACT_KILL_PROCESS\""))
                .runs("true");
        String id = sandbox.newId();

        String prctl = System.getProperty("os.arch").equals("amd64") ? "157" : "167";
        String subreaper = "syscall(%s, 36, 1, 0, 0, 0) == 0 or die $!; exit(system('sh', '-c', @ARGV) >> 8)";
        String calls = String.join(" ", jrun.words("create", "--bundle", bundle.path(), id)) + " && "
                + String.join(" ", jrun.words("start", id));
        Execution.of(new ProcessBuilder("perl", "-e", subreaper.formatted(prctl), calls))
                .failsWith("killed before its program ran");
        jrun.call("delete", id).succeeds();
    }

    @Test
    void startContainerHooksRunUnderTheFilter() {
        String hook = "{\"path\": \"/bin/sh\", \"args\": [\"sh\", \"-c\", "
                + "\"grep Seccomp: /proc/self/status > /tmp/hook; mkdir /tmp/x || echo refused >> /tmp/hook\"]}";
        Bundle bundle = bundle(forbids("\"mkdir\", \"mkdirat\"", "\"action\": \"SCMP_ACT_ERRNO\""))
                .with("/hooks", "{\"startContainer\": [" + hook + "]}")
                .runs("cat", "/tmp/hook");

        assertEquals("Seccomp:\t2\nrefused\n", run(bundle).succeeds().output());
    }

    @Test
    void whatCannotBeIsRefusedBeforeAnythingIsDone() {
        String notify = "\"action\": \"SCMP_ACT_NOTIFY\"";
        Bundle bundle = bundle(forbids("\"mkdir\", \"write\"", notify));

        run(bundle)
                .failsWith(
                        "config.json#/linux/seccomp/listenerPath: required",
                        "config.json#/linux/seccomp/syscalls/0/names/1: found \"write\"; SCMP_ACT_NOTIFY cannot be used");
    }

    private Bundle notifying(Path socket, boolean noNewPrivileges) {
        return bundle(forbids("\"mkdir\", \"mkdirat\"", "\"action\": \"SCMP_ACT_NOTIFY\""))
                .with("/linux/seccomp/listenerPath", '"' + socket.toString() + '"')
                .with("/linux/seccomp/listenerMetadata", "\"for \\\"you\\\"\"")
                .with("/annotations", "{\"a\": \"b\"}")
                .with("/process/noNewPrivileges", Boolean.toString(noNewPrivileges))
                .with("/process/user", "{\"uid\": 1000, \"gid\": 1000}")
                .runsScript("mkdir /tmp/x 2>&1; sleep 1000");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAgentAnswersNotifications(boolean noNewPrivileges) throws IOException {
        Path socket = directory.resolve("agent");
        Bundle bundle = notifying(socket, noNewPrivileges);
        String id = sandbox.newId();
        try (SeccompAgent agent = SeccompAgent.at(socket, ENOTTY)) {
            jrun.call("create", "--bundle", bundle.path(), id).succeeds();
            jrun.call("start", id).succeeds();

            JsonNode state = OciRuntime.json(agent.state());
            assertEquals("[\"seccompFd\"]", state.get("fds").toString());
            assertEquals("for \"you\"", state.get("metadata").asText());
            assertEquals(jrun.state(id).get("pid"), state.get("pid"));
            assertEquals(id, state.at("/state/id").asText());
            assertEquals(state.get("pid"), state.at("/state/pid"));
            assertEquals("created", state.at("/state/status").asText());
            assertEquals(bundle.path(), state.at("/state/bundle").asText());
            assertEquals("b", state.at("/state/annotations/a").asText());
            assertTrue(agent.systemCall() > 0);
        }
        jrun.call("delete", "--force", id).succeeds();
    }

    @Test
    void runHandsTheListenerOverToo() throws IOException {
        Path socket = directory.resolve("agent");
        Bundle bundle = notifying(socket, true).runsScript("mkdir /tmp/x 2>&1");
        try (SeccompAgent agent = SeccompAgent.at(socket, ENOTTY)) {
            Execution run = run(bundle);
            assertTrue(run.output().contains("Inappropriate ioctl for device"), run::toString);
            assertTrue(agent.state().contains("seccompFd"));
        }
        Files.delete(socket);
        String id = sandbox.newId();
        try (SeccompAgent agent = SeccompAgent.at(socket, ENOTTY)) {
            jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
            assertTrue(agent.systemCall() > 0);
        }
        jrun.call("delete", "--force", id).succeeds();
    }

    @Test
    void anAgentAnswersNotificationsOfAProcessThatIsExecuted() throws IOException {
        Path socket = directory.resolve("agent");
        Path pidFile = directory.resolve("pid");
        Bundle bundle = notifying(socket, false).runs("sleep", "1000");
        String id = sandbox.newId();
        // Not answered: the container's own process makes no directory.
        try (SeccompAgent _ = SeccompAgent.at(socket, ENOTTY)) {
            jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        }
        Files.delete(socket);
        try (SeccompAgent agent = SeccompAgent.at(socket, ENOTTY)) {
            Execution execution =
                    jrun.call("exec", "--pid-file", pidFile.toString(), id, "sh", "-c", "mkdir /tmp/x 2>&1; exit 7");

            assertEquals(7, execution.code(), execution::toString);
            assertTrue(execution.output().contains("Inappropriate ioctl"), execution::toString);
            JsonNode state = OciRuntime.json(agent.state());
            assertEquals(Files.readString(pidFile), state.get("pid").asText());
            assertEquals(jrun.state(id).get("pid"), state.at("/state/pid"));
            assertEquals("running", state.at("/state/status").asText());
            assertEquals("b", state.at("/state/annotations/a").asText());
        }
        Execution refused = jrun.call("exec", id, "true");
        assertEquals(255, refused.code(), refused::toString);
        assertTrue(refused.errors().contains("connect to " + socket), refused::toString);
        jrun.call("delete", "--force", id).succeeds();
    }

    /** Flags that are said in another way to the kernel where a rule notifies, or only there. */
    @ParameterizedTest
    @CsvSource({"SECCOMP_FILTER_FLAG_TSYNC, 5.7", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, 5.19"})
    void aFilterThatNotifiesMayHaveFlags(String flag, String kernel) throws IOException {
        Programs.needKernel(kernel);
        Path socket = directory.resolve("agent");
        Bundle bundle = notifying(socket, true)
                .with("/linux/seccomp/flags", "[\"" + flag + "\"]")
                .runsScript("mkdir /tmp/x 2>&1");

        try (SeccompAgent agent = SeccompAgent.at(socket, ENOTTY)) {
            Execution run = run(bundle);
            assertTrue(run.output().contains("Inappropriate ioctl for device"), run::toString);
            assertTrue(agent.systemCall() > 0);
        }
    }

    @Test
    void anAgentMayListenOnALongPath() throws IOException {
        Path deep = Files.createDirectories(directory.resolve(
                String.join("/", Collections.nCopies(4, "a-directory-with-a-name-that-makes-the-path-long"))));
        Path link = directory.resolve("short");
        Files.createSymbolicLink(link, deep);
        Bundle bundle = notifying(deep.resolve("agent"), true).runsScript("mkdir /tmp/x 2>&1");

        try (SeccompAgent agent = SeccompAgent.at(link.resolve("agent"), ENOTTY)) {
            assertTrue(run(bundle).output().contains("Inappropriate ioctl for device"));
            assertTrue(agent.systemCall() > 0);
        }
    }

    @Test
    void withoutItsAgentAContainerDoesNotStart() {
        Path socket = directory.resolve("nobody");
        Bundle bundle = notifying(socket, true);
        String id = sandbox.newId();
        String message =
                "config.json#/linux/seccomp/listenerPath: connect to " + socket + ": no such file or directory";

        run(bundle).failsWith(message);
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        jrun.call("start", id).failsWith(message);
        jrun.awaitStatus(id, "stopped");
        jrun.call("delete", id).succeeds();
    }

    @Test
    void crunsAnnotationNamesTheAgentAsWell() throws IOException {
        Path socket = directory.resolve("agent");
        Bundle bundle = notifying(socket, true)
                .without("/linux/seccomp/listenerPath")
                .without("/linux/seccomp/listenerMetadata")
                .with("/annotations", "{\"run.oci.seccomp.receiver\": \"" + socket + "\"}")
                .runsScript("mkdir /tmp/x 2>&1");

        run(bundle).failsWith("config.json#/linux/seccomp/listenerPath: required");
        try (SeccompAgent agent = SeccompAgent.at(socket, ENOTTY)) {
            Execution run = jrun.call(
                    "--allow-annotation",
                    "run.oci.seccomp.receiver",
                    "run",
                    "--bundle",
                    bundle.path(),
                    sandbox.newId());
            assertTrue(run.output().contains("Inappropriate ioctl for device"), run::toString);
            assertFalse(agent.state().isEmpty());
        }
    }
}
