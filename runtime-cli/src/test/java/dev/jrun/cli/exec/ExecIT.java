// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code exec} as its users call it, beside runc's on the same bundle where that has the same. */
class ExecIT extends RealContainers {

    private static final int FAILED = 255;

    private Bundle idle() {
        return sandbox.bundle().runs("sleep", "1000");
    }

    private String started(OciRuntime runtime, Bundle bundle) {
        String id = sandbox.newId();
        runtime.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        return id;
    }

    private Execution exec(OciRuntime runtime, String id, List<String> options, String... command) {
        List<String> words = new ArrayList<>(List.of("exec"));
        words.addAll(options);
        words.add(id);
        words.addAll(List.of(command));
        return runtime.call(words.toArray(new String[0]));
    }

    private Execution exec(String id, String... command) {
        return exec(jrun, id, List.of(), command);
    }

    private static Execution fails(Execution execution, String... phrases) {
        assertEquals(FAILED, execution.code(), execution::toString);
        for (String phrase : phrases) {
            assertTrue(execution.errors().contains(phrase), () -> "no \"" + phrase + "\" in " + execution);
        }
        return execution;
    }

    /** @param options separated by spaces */
    private record Case(String options, String script) {}

    private static final List<Case> SAME = List.of(
            new Case("", "exit 0"),
            new Case("", "exit 7"),
            new Case("", "kill -9 $$"),
            new Case("", "kill -TERM $$; sleep 9"),
            new Case("", "echo out; echo err >&2"),
            new Case("", "env | sort"),
            new Case("", "pwd; id; umask; ulimit -a"),
            new Case("", "cat /proc/self/cgroup"),
            new Case("", "cat /proc/self/oom_score_adj"),
            new Case("", "grep -E 'Cap|NoNewPrivs|Groups|Seccomp|Sig(Blk|Cgt)|Cpus_allowed_list' /proc/self/status"),
            new Case("", "cmp /proc/1/mountinfo /proc/self/mountinfo && echo same"),
            new Case("", "cat /proc/self/environ | tr '\\0' '\\n' | sort"),
            new Case("", "hostname; ls /proc/self/fd | wc -l; readlink /proc/self/cwd; readlink /proc/self/root"),
            new Case(
                    "",
                    "for f in $(ls /proc/self/ns); do [ $(readlink /proc/self/ns/$f) = $(readlink /proc/1/ns/$f) ]; done"),
            new Case("", "cut -d ' ' -f 4-8 /proc/self/stat | sed 's/[1-9][0-9]*/n/g'"),
            new Case("--cwd /tmp", "pwd"),
            new Case("-e A=1 -e B=b=c -e TERM=dumb", "env | sort"),
            new Case("--env HOME=/tmp --env A=b", "echo $HOME $A"),
            new Case("--additional-gids 8 --additional-gids 9", "id"),
            new Case("--user 1000", "id; echo $HOME; umask; grep Cap /proc/self/status"),
            new Case("--user 1000:5", "id; cat /proc/self/environ | tr '\\0' '\\n' | sort"),
            new Case("-u 4242:4243 -g 7 -g 8", "id; echo $HOME"),
            new Case("--no-new-privs", "grep NoNewPrivs /proc/self/status"));

    @Test
    void isAsWithRunc() {
        Programs.need("runc");
        OciRuntime runc = sandbox.installed("runc").orElseThrow();
        Bundle bundle = idle().with(
                        "/process/rlimits", "[{\"type\": \"RLIMIT_SIGPENDING\", \"soft\": 100, \"hard\": 200}]")
                .with("/process/oomScoreAdj", "77")
                .with("/process/noNewPrivileges", "false")
                .without("/process/capabilities/ambient");
        String of = started(runc, bundle);
        String id = started(jrun, bundle);
        for (Case each : SAME) {
            List<String> options = each.options().isEmpty()
                    ? List.of()
                    : List.of(each.options().split(" "));
            Execution expected = exec(runc, of, options, "sh", "-c", each.script());
            Execution found = exec(jrun, id, options, "sh", "-c", each.script());
            assertEquals(
                    expected.output().replace(of, "ID"),
                    found.output().replace(id, "ID"),
                    each.script() + ": " + found);
            assertEquals(expected.errors(), found.errors(), each::script);
            assertEquals(expected.code(), found.code(), each::script);
        }
    }

    /** runc 1.1 makes them ambient as well, for which they would have to be inheritable. */
    @Test
    void aCapabilityMoreIsBoundingEffectiveAndPermitted() {
        Bundle bundle = idle().with(
                        "/process/capabilities",
                        "{\"bounding\": [\"CAP_KILL\"], \"effective\": [\"CAP_KILL\"], \"permitted\": [\"CAP_KILL\"]}");
        String id = started(jrun, bundle);

        Execution execution =
                exec(jrun, id, List.of("--cap", "CAP_CHOWN", "-c", "CAP_SYS_TIME"), "grep", "Cap", "/proc/self/status");

        String all = "0000000002000021";
        assertEquals(
                "CapInh:\t0000000000000000\nCapPrm:\t%s\nCapEff:\t%s\nCapBnd:\t%s\nCapAmb:\t0000000000000000\n"
                        .formatted(all, all, all),
                execution.succeeds().output());
        assertEquals("", execution.errors());
    }

    private Path document(String json) throws IOException {
        Path file = Files.createTempFile(directory, "process", ".json");
        Files.writeString(file, json);
        return file;
    }

    /** Its limit is not one of files: programs in Go, such as runc, raise that to the hard one where they can. */
    private static final String WHOLE = """
            {"args": ["sh", "-c", "id; pwd; umask; ulimit -c; env | sort; cat /proc/self/oom_score_adj; grep -E 'Cap|NoNew' /proc/self/status"],
             "cwd": "/tmp", "env": ["PATH=/bin", "A=b"], "user": {"uid": 1000, "gid": 5, "additionalGids": [9]},
             "rlimits": [{"type": "RLIMIT_CORE", "soft": 25600, "hard": 51200}], "noNewPrivileges": true,
             "capabilities": {"bounding": ["CAP_KILL"], "effective": [], "permitted": []}}""";

    private static final String LEAST = """
            {"args": ["sh", "-c", "id; pwd; umask; env | sort; cat /proc/self/oom_score_adj; grep -E 'Cap|NoNew' /proc/self/status"],
             "cwd": "/", "env": ["PATH=/bin"]}""";

    /** runc gives it limits and an umask of its own then. */
    @Test
    void whatADocumentDoesNotSayIsAsInTheContainer() throws IOException {
        Bundle bundle = idle().with("/process/rlimits", "[{\"type\": \"RLIMIT_NOFILE\", \"soft\": 100, \"hard\": 200}]")
                .with("/process/user/umask", "63");
        String id = started(jrun, bundle);
        Path file = document(
                "{\"args\": [\"sh\", \"-c\", \"ulimit -n; ulimit -Hn; umask\"], \"cwd\": \"/\", \"env\": [\"PATH=/bin\"]}");

        assertEquals(
                "100\n200\n0077\n",
                exec(jrun, id, List.of("--process", file.toString())).succeeds().output());
        assertEquals("0077\n", exec(id, "sh", "-c", "umask").output());
    }

    @Test
    void aDocumentIsTheProcess() throws IOException {
        Programs.need("runc");
        OciRuntime runc = sandbox.installed("runc").orElseThrow();
        Bundle bundle = idle().with(
                        "/process/rlimits", "[{\"type\": \"RLIMIT_SIGPENDING\", \"soft\": 100, \"hard\": 200}]")
                .with("/process/oomScoreAdj", "77")
                .without("/process/capabilities/ambient");
        String of = started(runc, bundle);
        String id = started(jrun, bundle);
        for (String json : List.of(WHOLE, LEAST)) {
            List<String> options = List.of("--process", document(json).toString());
            assertEquals(
                    exec(runc, of, options).succeeds().output(),
                    exec(jrun, id, options).succeeds().output());
        }
    }

    @Test
    void aDocumentComesByStandardInputToo() throws IOException {
        String id = started(jrun, idle());
        Path file = document("{\"args\": [\"echo\", \"read\"], \"cwd\": \"/\", \"env\": [\"PATH=/bin\"]}");

        Execution.Started started = jrun.start(file, "exec", "--process", "-", id);

        assertEquals("read\n", started.await().succeeds().output());
    }

    /** As with {@code --process <(…)} of a shell. */
    @Test
    void aDocumentComesByAPipeToo() throws IOException {
        String id = started(jrun, idle());
        Path file = document("{\"args\": [\"echo\", \"read\"], \"cwd\": \"/\", \"env\": [\"PATH=/bin\"]}");
        Path pipe = directory.resolve("pipe");
        Programs.run("mkfifo", pipe.toString());

        Execution.Started writer = Execution.started(new ProcessBuilder("sh", "-c", "cat >" + pipe), file);
        Execution executed = exec(jrun, id, List.of("--process", pipe.toString()));

        assertEquals("read\n", executed.succeeds().output());
        writer.await().succeeds();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", textBlock = """
            {"args": ["true"]}                                    | #/cwd: found nothing; required
            {"cwd": "/"}                                          | #/args: found nothing; required
            {"args": ["true"], "cwd": "tmp"}                      | #/cwd: found "tmp"; allowed: an absolute path
            {"args": ["true"], "cwd": "/", "user": {"uid": -1}}   | #/user/uid: found -1; allowed: a whole number
            {"args": ["/no"], "cwd": "/"}                         | #/args/0: exec: "/no": stat /no: no such file or directory
            {"args": ["no"], "cwd": "/", "env": ["PATH=/bin"]}    | #/args/0: exec: "no": executable file not found in $PATH
            {"args": ["/etc/passwd"], "cwd": "/"}                 | #/args/0: exec: "/etc/passwd": permission denied
            {"args": ["true"], "cwd": "/no", "env": ["PATH=/bin"]} | #/cwd: enter the working directory /no: no such file or directory
            [1]                                                   | allowed: an object
            {                                                     | process
            """)
    void whatIsWrongWithADocumentIsSaidByItsPointer(String json, String phrase) throws IOException {
        String id = started(jrun, idle());
        Path file = document(json);
        Path pidFile = directory.resolve("pid");

        Execution execution = exec(jrun, id, List.of("--process", file.toString(), "--pid-file", pidFile.toString()));

        fails(execution, "jrun: exec failed: ", file.getFileName().toString(), phrase);
        assertFalse(Files.exists(pidFile), "a failed exec leaves no pid file");
        assertEquals(List.of(), leftPidFiles());
    }

    private List<String> leftPidFiles() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(".jrun-pid"))
                    .toList();
        }
    }

    /** Words that Podman, Docker and CRI-O look for among them. */
    @Test
    void whatIsWrongWithACommandIsSaid() {
        String id = started(jrun, idle());

        fails(exec(id, "nosuch"), "exec: \"nosuch\": executable file not found in $PATH");
        fails(exec(id, "/nosuch"), "exec: \"/nosuch\": stat /nosuch: no such file or directory");
        fails(exec(id, "/etc/passwd"), "exec: \"/etc/passwd\": permission denied");
        fails(exec(id, "/tmp"), "exec: \"/tmp\": is a directory (permission denied: ");
        fails(exec(id), "exec needs a command, or --process FILE");
        fails(exec(jrun, id, List.of("--cwd", "/no"), "true"), "/no: no such file or directory");
        fails(exec(jrun, id, List.of("--cwd", "tmp"), "true"), "--cwd: found \"tmp\"; allowed: an absolute path");
        fails(exec(jrun, id, List.of("--console-socket", "/x"), "true"), "cannot use console socket");
        fails(exec(jrun, id, List.of("--env", "A"), "true"), "--env: found \"A\"; allowed: NAME=value");
        fails(exec(jrun, id, List.of("--process", "/no"), "true"), "--process");
        fails(exec(jrun, id, List.of("--process", "/no")), "--process /no: no such file or directory");
        fails(exec(jrun, "no-such-container", List.of(), "true"), "container \"no-such-container\" does not exist");
        assertEquals(1, exec(jrun, id, List.of("--nosuch"), "true").code());
        assertEquals(1, jrun.call("exec").code());
    }

    /** CVE-2026-30892: a number that was not understood was root's. */
    @ParameterizedTest
    @CsvSource({
        "1x",
        "x",
        "''",
        "-1",
        "+1",
        "0x10",
        "4294967295",
        "99999999999999999999",
        "1:",
        ":1",
        "1:x",
        "' 1'",
        "bob"
    })
    void aUserIsANumberAndNothingElse(String user) {
        String id = started(jrun, idle());

        if (user.isEmpty()) {
            assertEquals(
                    "0\n", exec(jrun, id, List.of("--user", user), "id", "-u").output());
        } else {
            fails(exec(jrun, id, List.of("--user", user), "id"), "--user: found ");
        }
    }

    @Test
    void aNumberMayBeginWithZeros() {
        String id = started(jrun, idle());

        assertEquals(
                "10\n", exec(jrun, id, List.of("--user", "010"), "id", "-u").output());
    }

    @Test
    void whatTheDocumentSaysIsNotSaidBesides() throws IOException {
        String id = started(jrun, idle());
        Path file = document(LEAST);

        fails(
                exec(jrun, id, List.of("--process", file.toString(), "--cwd", "/tmp")),
                "--cwd cannot be combined with --process; set it in that document");
        fails(
                exec(jrun, id, List.of("--process", file.toString()), "true"),
                "a command cannot be combined with --process");
    }

    @Test
    void optionsOfTheCommandAreItsOwn() {
        String id = started(jrun, idle());

        assertEquals("--cwd /x\n", exec(id, "echo", "--cwd", "/x").succeeds().output());
    }

    @Test
    void aDetachedProcessIsLeftAloneWithItsPidInTheFile() throws IOException {
        String id = started(jrun, idle());
        Path pidFile = directory.resolve("pid");

        exec(jrun, id, List.of("--detach", "--pid-file", pidFile.toString()), "sleep", "1234")
                .succeeds();

        String pid = Files.readString(pidFile);
        assertTrue(pid.matches("[0-9]+"), pid);
        assertEquals("sleep\0" + "1234\0", Files.readString(Path.of("/proc", pid, "cmdline")));
        assertEquals(List.of(), leftPidFiles());
        jrun.call("delete", "--force", id).succeeds();
        Eventually.isTrue("it ends with its container", () -> !Files.exists(Path.of("/proc", pid)));
    }

    @Test
    void aProcessInTheForegroundHasItsPidInTheFileWhileItRuns() throws IOException {
        String id = started(jrun, idle());
        Path pidFile = directory.resolve("pid");

        Execution.Started running =
                jrun.start(Path.of("/dev/null"), "exec", "--pid-file", pidFile.toString(), id, "sleep", "1234");
        Eventually.isTrue("it runs", () -> Files.exists(pidFile));
        running.process().destroy();

        assertEquals(128 + 15, running.await().code());
    }

    @Test
    void inAStoppedContainerNothingIsExecuted() {
        Bundle bundle = sandbox.bundle().runs("true");
        String id = sandbox.newId();
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        jrun.awaitStatus(id, "stopped");

        fails(exec(id, "true"), "exec failed: cannot exec in a stopped container");
    }

    /** It could take CAP_SYS_ADMIN from init, which loads its filter when it starts. */
    @Test
    void inACreatedContainerNoneMayTraceInit() {
        Bundle bundle = idle().with("/process/noNewPrivileges", "false")
                .with("/linux/seccomp", "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}");
        String id = sandbox.newId();
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();

        fails(exec(jrun, id, List.of("--cap", "CAP_SYS_PTRACE"), "true"), "before it is started");
        exec(id, "true").succeeds();
        jrun.call("start", id).succeeds();
        exec(jrun, id, List.of("--cap", "CAP_SYS_PTRACE"), "true").succeeds();
    }

    /** Environments of engines' documents may have hundreds of kilobytes. */
    @Test
    void documentsOfAMegabyteAreExecuted() {
        String variables = IntStream.range(0, 10_000)
                .mapToObj(i -> "\"V" + i + "=" + "x".repeat(100) + "\"")
                .collect(Collectors.joining(", ", "[", "]"));
        Bundle bundle = sandbox.bundle().runs("/bin/sleep", "1000").with("/process/env", variables);
        String id = started(jrun, bundle);
        assertEquals(
                "10000\n",
                exec(id, "/bin/sh", "-c", "/bin/env | /bin/grep -c ^V")
                        .succeeds()
                        .output());
    }

    @Test
    void inACreatedContainerThereMayBeProcesses() {
        Bundle bundle = idle();
        String id = sandbox.newId();
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();

        assertEquals("created\n", exec(id, "echo", "created").succeeds().output());
    }

    @Test
    void descriptorsAreInheritedAsAskedFor() throws IOException {
        String id = started(jrun, idle());
        Path file = Files.writeString(directory.resolve("inherited"), "text\n");
        OciRuntime opening =
                jrun.behind("sh", "-c", "exec 3<" + file + " 4<" + file + " 7<" + file + "; exec \"$0\" \"$@\"");

        assertEquals(
                "text\n",
                exec(opening, id, List.of("--preserve-fds", "2"), "sh", "-c", "cat <&4")
                        .succeeds()
                        .output());
        assertEquals(
                "0 1 2 3 4 5\n",
                exec(opening, id, List.of("--preserve-fds", "2"), "sh", "-c", "echo $(ls /proc/self/fd)")
                        .succeeds()
                        .output());
        assertEquals(
                "0 1 2 3\n",
                exec(opening, id, List.of(), "sh", "-c", "echo $(ls /proc/self/fd)")
                        .succeeds()
                        .output());
        fails(exec(jrun, id, List.of("--preserve-fds", "1"), "true"), "--preserve-fds: descriptor 3");
    }

    @Test
    void whatTheBundleSaysNowDoesNotMatter() {
        Bundle bundle = idle().with("/process/env", "[\"PATH=/bin\", \"WHEN=created\"]");
        String id = started(jrun, bundle);

        bundle.with("/process/env", "[\"PATH=/nowhere\", \"WHEN=later\"]");

        assertEquals("created\n", exec(id, "sh", "-c", "echo $WHEN").succeeds().output());
    }

    @Test
    void theFilterOfTheContainerHoldsForAll() {
        Bundle bundle = idle().with(
                        "/linux/seccomp",
                        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"mkdir\", \"mkdirat\"],"
                                + " \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 25}]}");
        String id = started(jrun, bundle);

        Execution execution = exec(id, "sh", "-c", "grep ^Seccomp: /proc/self/status; mkdir /tmp/x");

        assertEquals("Seccomp:\t2\n", execution.output());
        assertTrue(execution.errors().contains("Inappropriate ioctl"), execution::toString);
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aFilterThatForbidsNearlyAllIsLoadedLast(boolean noNewPrivileges) {
        Bundle bundle = idle().with("/process/noNewPrivileges", Boolean.toString(noNewPrivileges))
                .with(
                        "/linux/seccomp",
                        "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"clone\", \"clone3\", \"fork\","
                                + " \"vfork\", \"setns\", \"setresuid\", \"recvfrom\", \"sendto\", \"ppoll\"],"
                                + " \"action\": \"SCMP_ACT_KILL_PROCESS\"}]}");
        String id = started(jrun, bundle);

        assertEquals("there\n", exec(id, "echo", "there").succeeds().output());
    }

    @Test
    void userNamespacesAreJoined() {
        Bundle bundle = idle().inUserNamespace();
        Programs.run(
                "chown",
                "-R",
                Bundle.FIRST_ID + ":" + Bundle.FIRST_ID,
                bundle.rootfs().toString());
        String id = started(jrun, bundle);

        assertEquals(
                "uid=0(root) gid=0\n1\n",
                exec(
                                id,
                                "sh",
                                "-c",
                                "id; for f in $(ls /proc/self/ns); do"
                                        + " [ $(readlink /proc/self/ns/$f) = $(readlink /proc/1/ns/$f) ] || echo $f; done;"
                                        + " echo > /proc/self/fd/1 | wc -l")
                        .succeeds()
                        .output());
        assertEquals(
                "uid=1000(bob) gid=0\n",
                exec(jrun, id, List.of("--user", "1000"), "id").succeeds().output());
        fails(exec(jrun, id, List.of("--user", "70000"), "id"), "not mapped in the container's user namespace");
    }

    /** As with runc: those of the types that the configuration names, wherever init is by now. */
    @Test
    void namespacesAreThoseThatInitIsInNow() {
        Bundle bundle = sandbox.bundle()
                .runsScript("touch /tmp/ready; exec unshare -u sh -c 'hostname moved; touch /tmp/moved; sleep 1000'");
        bundle.with("/process/capabilities/bounding", "[\"CAP_SYS_ADMIN\"]")
                .with("/process/capabilities/effective", "[\"CAP_SYS_ADMIN\"]")
                .with("/process/capabilities/permitted", "[\"CAP_SYS_ADMIN\"]")
                .with("/root/readonly", "false");
        String id = started(jrun, bundle);
        Eventually.isTrue(
                "init has moved", () -> exec(id, "test", "-e", "/tmp/moved").code() == 0);

        assertEquals("moved\n", exec(id, "hostname").succeeds().output());
    }

    @Test
    void theProcessIsScheduledAsItsDocumentOrItsContainerSays() throws IOException {
        Bundle bundle = idle().with("/process/scheduler", "{\"policy\": \"SCHED_BATCH\", \"nice\": 5}")
                .with("/process/ioPriority", "{\"class\": \"IOPRIO_CLASS_BE\", \"priority\": 6}");
        String id = started(jrun, bundle);

        assertEquals(
                "5 0 3\nbest-effort: prio 6\n",
                exec(id, "sh", "-c", "cut -d ' ' -f 19,40,41 /proc/self/stat; ionice")
                        .succeeds()
                        .output());
        Path file = document("""
                {"args": ["sh", "-c", "cut -d ' ' -f 19,40,41 /proc/self/stat; ionice"], "cwd": "/", "env": ["PATH=/bin"],
                 "user": {"uid": 1000, "gid": 0},
                 "scheduler": {"policy": "SCHED_OTHER", "nice": -3}, "ioPriority": {"class": "IOPRIO_CLASS_RT", "priority": 1}}""");
        assertEquals(
                "-3 0 0\nrealtime: prio 1\n",
                exec(jrun, id, List.of("--process", file.toString())).succeeds().output());
    }

    @Test
    void theProcessRunsWhereItsAffinitySays() throws IOException {
        Programs.skipUnless(Runtime.getRuntime().availableProcessors() > 1, "there is one processor only");
        String id = started(jrun, idle());
        String script = "grep Cpus_allowed_list /proc/self/status | cut -f 2";
        ObjectNode process = (ObjectNode) OciRuntime.json("{\"cwd\": \"/\", \"env\": [\"PATH=/bin\"]}");
        process.putArray("args").add("sh").add("-c").add(script);

        for (var each : List.of(
                List.of("{\"initial\": \"0\", \"final\": \"1\"}", "1\n"),
                List.of("{\"initial\": \"0\"}", "0\n"),
                List.of("{\"final\": \"0-1\"}", "0-1\n"))) {
            process.set("execCPUAffinity", OciRuntime.json(each.getFirst()));
            List<String> options =
                    List.of("--process", document(process.toString()).toString());
            assertEquals(each.getLast(), exec(jrun, id, options).succeeds().output(), each::getFirst);
        }
        String all = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list"))
                .map(line -> line.split("\t")[1])
                .collect(Collectors.joining());
        assertEquals(
                all + "\n",
                exec(jrun.behind("taskset", "-c", "0"), id, List.of(), "sh", "-c", script)
                        .succeeds()
                        .output());
    }

    @Test
    void limitsHoldForTheProcessItself() throws IOException {
        String id = started(jrun, idle());
        Path file = document("""
                {"args": ["sh", "-c", "ulimit -u; ulimit -Hu; (exit 3); echo $?"], "cwd": "/", "env": ["PATH=/bin"],
                 "user": {"uid": 31234, "gid": 0}, "rlimits": [{"type": "RLIMIT_NPROC", "soft": 2, "hard": 2}]}""");

        assertEquals(
                "2\n2\n3\n",
                exec(jrun, id, List.of("--process", file.toString())).succeeds().output());
    }

    @Test
    void explainsWhatItWouldDoAndDoesNothing() {
        String id = started(jrun, idle());
        Execution explained =
                jrun.call("explain", "exec", "--user", "5", id, "nosuch", "-x").succeeds();

        assertTrue(
                explained.output().contains("start the process in the container's pid namespace"), explained::toString);
        assertTrue(explained.output().contains("become user 5"), explained::toString);
        assertTrue(explained.output().contains("[\"nosuch\", \"-x\"]"), explained::toString);
        assertEquals("2\n", exec(id, "sh", "-c", "set -- /proc/[0-9]*; echo $#").output());
    }
}
