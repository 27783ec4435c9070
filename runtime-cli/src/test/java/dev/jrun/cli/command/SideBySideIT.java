// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.MountTable;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same call of jrun and of runc: equal output, exit codes and states, and errors that say the same.
 * docs/differences-from-runc.md lists what is otherwise by intent.
 */
class SideBySideIT extends RealContainers {

    private OciRuntime runc;

    @BeforeEach
    void needRunc() {
        Programs.need("runc");
        runc = sandbox.installed("runc").orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exit 0",
                "exit 7",
                "kill -9 1; exit 3",
                "echo out; echo err >&2",
                "env",
                "pwd",
                "id; umask",
                "ulimit -a",
                "cat /proc/self/cgroup",
                "cat /proc/self/oom_score_adj",
                "grep -E 'Cap|NoNewPrivs|Groups|Seccomp|Sig(Blk|Cgt)' /proc/self/status",
                "ip addr; ip route",
                "ls -l /dev/pts /dev/shm /dev/mqueue | grep -v total",
                "find /dev -type c -maxdepth 1 | sort | xargs stat -c '%n %a %u %g %t %T'",
                "for f in fd stdin stdout stderr ptmx; do readlink /dev/$f; done",
                "stat -c '%A %u %g' /dev /dev/shm /proc /sys /tmp /",
                "hostname; cat /proc/sys/kernel/domainname",
                "for f in kcore keys latency_stats timer_list timer_stats sched_debug; do wc -c < /proc/$f; done",
                "ls /proc/acpi /proc/scsi /sys/firmware",
                "echo 1 > /proc/sys/kernel/sysrq; echo 1 > /proc/sysrq-trigger",
                "touch /file; touch /dev/file; touch /tmp/file; touch /sys/file",
                "echo $$; ps -o pid,ppid,comm",
                "ls /sys/fs/cgroup | sort; ls /sys/class/net",
            })
    void programsSeeTheSame(String script) {
        Bundle bundle = sandbox.bundle().runsScript(script);
        String id = sandbox.newId();

        Execution expected = run(runc, bundle, id);
        Execution found = run(jrun, bundle, id);

        assertEquals(expected.output(), found.output(), found::toString);
        assertEquals(expected.errors(), found.errors());
        assertEquals(expected.code(), found.code());
    }

    @Test
    void mountsAreTheSame() {
        Bundle bundle = sandbox.bundle().runs("cat", "/proc/self/mountinfo");
        String id = sandbox.newId();

        SortedMap<String, String> expected = MountTable.of(run(runc, bundle, id));
        SortedMap<String, String> found = MountTable.of(run(jrun, bundle, id));

        // runc masks files with the /dev/null of the container.
        expected.replaceAll((_, mount) -> mount.startsWith("/null ") ? "/null" : mount);
        found.replaceAll((_, mount) -> mount.startsWith("/null ") ? "/null" : mount);
        assertEquals(lines(expected), lines(found));
    }

    private static String lines(SortedMap<String, String> mounts) {
        return mounts.entrySet().stream().map(Object::toString).collect(Collectors.joining("\n"));
    }

    @Test
    void usersAreTheSame() {
        for (String user : List.of(
                "{\"uid\": 1000, \"gid\": 1000, \"additionalGids\": [5, 6], \"umask\": 63}",
                "{\"uid\": 1000, \"gid\": 0}",
                "{\"uid\": 4242, \"gid\": 4243}")) {
            Bundle bundle = sandbox.bundle()
                    .with("/process/user", user)
                    .runsScript("id; umask; echo $HOME; grep -E 'Cap|Groups|id:' /proc/self/status");
            String id = sandbox.newId();

            assertEquals(
                    run(runc, bundle, id).succeeds().output(),
                    run(jrun, bundle, id).output());
        }
    }

    @Test
    void capabilitiesAreTheSame() {
        Bundle bundle = sandbox.bundle()
                .with("/process/capabilities", """
                        {"bounding": ["CAP_CHOWN", "CAP_KILL", "CAP_NET_RAW", "CAP_SETUID"],
                         "permitted": ["CAP_CHOWN", "CAP_KILL", "CAP_NET_RAW"],
                         "effective": ["CAP_CHOWN"],
                         "inheritable": ["CAP_KILL", "CAP_NET_RAW"],
                         "ambient": ["CAP_KILL", "CAP_CHOWN"]}""")
                .with("/process/user", "{\"uid\": 1000, \"gid\": 1000}")
                .runs("grep", "Cap", "/proc/self/status");
        String id = sandbox.newId();

        assertEquals(
                run(runc, bundle, id).succeeds().output(), run(jrun, bundle, id).output());
    }

    @Test
    void cgroupPathsAreTheSame() {
        for (String form : List.of("/jrun-it/%s", "jrun-it/%s", "/jrun-it/../%s")) {
            String id = sandbox.newId();
            Bundle bundle = sandbox.bundle()
                    .withoutNamespace("cgroup")
                    .with("/linux/cgroupsPath", '"' + form.formatted(id) + '"')
                    .runs("cat", "/proc/self/cgroup");

            assertEquals(
                    run(runc, bundle, id).succeeds().output(),
                    run(jrun, bundle, id).output(),
                    form);
        }
        removeParents();
    }

    /** What both leave, as runc does: the cgroups above the container's. */
    private void removeParents() {
        for (String hierarchy :
                Programs.run("ls", sandbox.view().cgroups().toString()).lines()) {
            Execution.of(new ProcessBuilder(
                    "sh",
                    "-c",
                    "find " + sandbox.view().cgroups() + "/" + hierarchy
                            + " -depth -type d -name jrun-it -exec rmdir {} \\;"));
        }
    }

    @Test
    void workingDirectoriesAreTheSame() {
        for (String directory : List.of("/", "/tmp", "/not/there", "/tmp/../etc", "/link")) {
            Bundle bundle = sandbox.bundle()
                    .link("link", "/tmp")
                    .with("/process/cwd", '"' + directory + '"')
                    .runsScript("pwd; stat -c '%a %u %g' .");
            String id = sandbox.newId();

            assertEquals(
                    run(runc, bundle, id).succeeds().output(),
                    run(jrun, bundle, id).output(),
                    directory);
        }
    }

    @Test
    void deviceRulesAreTheSame() {
        Bundle bundle = sandbox.bundle()
                .with("/linux/resources/devices", """
                        [{"allow": false, "access": "rwm"},
                         {"allow": true, "type": "c", "major": 7, "minor": 1, "access": "r"},
                         {"allow": true, "type": "b", "access": "m"}]""")
                .with("/process/capabilities/bounding", "[\"CAP_MKNOD\"]")
                .with("/process/capabilities/permitted", "[\"CAP_MKNOD\"]")
                .with("/process/capabilities/effective", "[\"CAP_MKNOD\"]")
                .runsScript("""
                        cd /dev/shm
                        for d in 'b 7 0' 'c 7 1' 'c 10 200' 'c 1 3' 'c 1 1'; do
                            mknod file $d && echo made $d
                            rm -f file
                        done
                        for d in null zero full random urandom tty; do
                            head -c 1 /dev/$d > /dev/null && echo read $d
                            echo -n x > /dev/$d && echo wrote $d
                        done 2>&1""");
        String id = sandbox.newId();

        Execution expected = run(runc, bundle, id);
        Execution found = run(jrun, bundle, id);

        assertEquals(expected.output(), found.output());
        assertEquals(expected.errors(), found.errors());
        assertTrue(found.output().contains("made b 7 0"), found::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"state %s", "start %s", "kill %s KILL", "delete %s"})
    void unknownContainers(String call) {
        bothFail(
                "does not exist",
                runtime -> runtime.call(call.formatted(sandbox.newId()).split(" ")));
    }

    @Test
    void deletingAnUnknownContainerByForceIsFine() {
        String id = sandbox.newId();

        runc.call("delete", "--force", id).succeeds();
        jrun.call("delete", "--force", id).succeeds();
    }

    @Test
    void anIdThatIsTaken() {
        Bundle bundle = sandbox.bundle().runs("true");
        String id = sandbox.newId();
        bothFail("already exists", runtime -> {
            runtime.call("create", "--bundle", bundle.path(), id).succeeds();
            Execution again = runtime.call("create", "--bundle", bundle.path(), id);
            assertEquals("created", runtime.status(id));
            runtime.call("delete", id).succeeds();
            return again;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../x", "a/b", "/etc", "a b", "a\nb", "é"})
    void invalidIds(String id) {
        Bundle bundle = sandbox.bundle().runs("true");

        // What does not exist does not either, whatever its name is.
        bothFail("id", runtime -> runtime.call("create", "--bundle", bundle.path(), id));
        bothFail("", runtime -> runtime.call("delete", id));
        bothFail("", runtime -> runtime.call("state", id));
    }

    @Test
    void malformedJson() {
        bothFailToRun("", bundle -> bundle.withConfigText("{\"ociVersion\": oops"));
        bothFailToRun("", bundle -> bundle.withConfigText(""));
        bothFailToRun("", bundle -> bundle.withConfigText("[]"));
        Bundle bundle = sandbox.bundle().withConfigText("{\"ociVersion\":\noops");
        run(jrun, bundle, sandbox.newId()).failsWith("config.json: line 2, column 1: not valid JSON");
    }

    @Test
    void missingBundlesAndConfigurations() throws IOException {
        bothFail(
                "no such file or directory",
                runtime -> runtime.call(
                        "run", "--bundle", directory.resolve("none").toString(), sandbox.newId()));
        String file = Files.createFile(directory.resolve("file")).toString();
        bothFail("not a directory", runtime -> runtime.call("run", "--bundle", file, sandbox.newId()));
        String empty = Files.createDirectory(directory.resolve("empty")).toString();
        runc.call("run", "--bundle", empty, sandbox.newId()).failsWith("config.json", "not found");
        jrun.call("run", "--bundle", empty, sandbox.newId()).failsWith("config.json", "no such file or directory");
    }

    @Test
    void missingRoots() {
        bothFailToRun("no such file or directory", bundle -> bundle.with("/root/path", "\"none\""));
        bothFailToRun("not a directory", bundle -> bundle.with("/root/path", "\"config.json\""));
    }

    @Test
    void executablesThatCannotBeExecuted() {
        UnaryOperator<Bundle> files = bundle -> bundle.file("readable", "rw-r--r--", "x")
                .file("no-interpreter", "rwxr-xr-x", "#!/no/such/interpreter\n")
                .file("garbage", "rwxr-xr-x", "\177ELFgarbage");

        bothFailToRun(
                "stat /none: no such file or directory",
                bundle -> files.apply(bundle).runs("/none"));
        bothFailToRun(
                "executable file not found in $PATH",
                bundle -> files.apply(bundle).runs("none"));
        bothFailToRun(
                "executable file not found in $PATH",
                bundle -> files.apply(bundle).runs(""));
        bothFailToRun(
                "executable file not found in $PATH",
                bundle -> files.apply(bundle).with("/process/env", "[]").runs("sh"));
        bothFailToRun("permission denied", bundle -> files.apply(bundle).runs("/readable"));
        bothFailToRun("no such file or directory", bundle -> files.apply(bundle).runs("/no-interpreter"));
        bothFailToRun("exec format error", bundle -> files.apply(bundle).runs("/garbage"));
    }

    @Test
    void executablesThatCannotBeExecutedFailAtStart() {
        Bundle bundle = sandbox.bundle()
                .file("no-interpreter", "rwxr-xr-x", "#!/no/such/interpreter\n")
                .runs("/no-interpreter");
        String id = sandbox.newId();

        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        jrun.call("start", id).failsWith("/process/args/0", "no such file or directory");

        jrun.awaitStatus(id, "stopped");
        jrun.call("delete", id).succeeds();
    }

    @Test
    void mountsThatCannotBeMade() {
        bothFailToRun(
                "invalid argument",
                bundle -> bundle.with(
                        "/mounts/-",
                        "{\"destination\": \"/tmp\", \"type\": \"tmpfs\", \"source\": \"x\", \"options\": [\"sizee=1\"]}"));
        bothFailToRun(
                "no such device",
                bundle -> bundle.with(
                        "/mounts/-", "{\"destination\": \"/tmp\", \"type\": \"nosuchfs\", \"source\": \"x\"}"));
        bothFailToRun(
                "no such file or directory",
                bundle -> bundle.with(
                        "/mounts/-",
                        "{\"destination\": \"/tmp\", \"type\": \"bind\", \"source\": \"/none\", \"options\": [\"bind\"]}"));
        bothFailToRun(
                "not a directory",
                bundle -> bundle.with(
                        "/mounts/-",
                        "{\"destination\": \"/tmp\", \"type\": \"bind\", \"source\": \"/etc/passwd\", \"options\": [\"bind\"]}"));
        bothFailToRun(
                "not a directory",
                bundle -> bundle.with(
                        "/mounts/-",
                        "{\"destination\": \"/etc/passwd\", \"type\": \"bind\", \"source\": \"/etc\", \"options\": [\"bind\"]}"));
        bothFailToRun(
                "too many levels of symbolic links",
                bundle -> bundle.link("loop", "loop")
                        .with("/mounts/-", "{\"destination\": \"/loop\", \"type\": \"tmpfs\", \"source\": \"x\"}"));
    }

    @Test
    void processesThatCannotBe() {
        bothFailToRun(
                "operation not permitted",
                bundle -> bundle.with(
                        "/process/rlimits", "[{\"type\": \"RLIMIT_NOFILE\", \"soft\": 1024, \"hard\": 2000000000}]"));
        bothFailToRun(
                "RLIMIT_FOO",
                bundle -> bundle.with("/process/rlimits", "[{\"type\": \"RLIMIT_FOO\", \"soft\": 1, \"hard\": 1}]"));
        bothFailToRun("not a directory", bundle -> bundle.with("/process/cwd", "\"/etc/passwd\""));
        bothFailToRun("absolute path", bundle -> bundle.with("/process/cwd", "\"etc\""));
        bothFailToRun("cwd", bundle -> bundle.with("/process/cwd", "5"));
        bothFailToRun("args", bundle -> bundle.with("/process/args", "[]"));
        bothFailToRun("process", bundle -> bundle.without("/process"));
        // Newer releases of runc do not say which entry it is.
        bothFailToRun("env", bundle -> bundle.with("/process/env", "[\"NOVALUE\"]"));
        run(jrun, sandbox.bundle().with("/process/env", "[\"NOVALUE\"]"), sandbox.newId())
                .failsWith("#/process/env/0: found \"NOVALUE\"");
        bothFailToRun("", bundle -> bundle.with("/process/user/uid", "4294967295"));
        bothFailToRun("", bundle -> bundle.with("/process/user/gid", "4294967295"));
    }

    @Test
    void namespacesThatCannotBe() {
        bothFailToRun("foo", bundle -> bundle.with("/linux/namespaces/-", "{\"type\": \"foo\"}"));
        bothFailToRun("pid", bundle -> bundle.with("/linux/namespaces/-", "{\"type\": \"pid\"}"));
        bothFailToRun("hostname", bundle -> bundle.withoutNamespace("uts"));
        bothFailToRun("rootfsPropagation", bundle -> bundle.with("/linux/rootfsPropagation", "\"weird\""));
        bothFailToRun("invalid argument", bundle -> bundle.with("/hostname", '"' + "x".repeat(65) + '"'));
    }

    @Test
    void aContainerNeedsAMountNamespaceOfItsOwn() {
        Bundle bundle = sandbox.bundle().withoutNamespace("mount");

        jrun.call("run", "--bundle", bundle.path(), sandbox.newId()).failsWith("namespace of type mount");
    }

    @Test
    void theSpecificationIsTheSame() throws IOException {
        for (String option : List.of("", "--rootless")) {
            var written = new ArrayList<String>();
            for (OciRuntime runtime : List.of(runc, jrun)) {
                var place = Files.createDirectory(directory.resolve("spec" + option + runtime.name()));
                if (option.isEmpty()) {
                    runtime.call("spec", "--bundle", place.toString()).succeeds();
                } else {
                    runtime.call("spec", option, "--bundle", place.toString()).succeeds();
                }
                // Newer releases follow newer specifications, and ask for no ambient capabilities.
                written.add(Files.readString(place.resolve("config.json"))
                        .replaceFirst("\"ociVersion\": \"[^\"]*\"", "\"ociVersion\": \"\"")
                        .replaceFirst(",\\s*\"ambient\": \\[[^]]*\\]", ""));
            }
            assertEquals(written.get(0), written.get(1), option);
        }
    }

    private static Execution run(OciRuntime runtime, Bundle bundle, String id) {
        return runtime.call("run", "--bundle", bundle.path(), id);
    }

    private void bothFailToRun(String phrase, UnaryOperator<Bundle> change) {
        Bundle bundle = change.apply(sandbox.bundle());
        bothFail(phrase, runtime -> run(runtime, bundle, sandbox.newId()));
        sandbox.assertNothingIsLeft();
    }

    private void bothFail(String phrase, Call call) {
        call.of(runc).failsWith(phrase);
        call.of(jrun).failsWith(phrase);
    }

    private interface Call {
        Execution of(OciRuntime runtime);
    }
}
