// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.ForeignCgroup;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The options of {@code exec} one by one, as runc and crun have them: on containers of the same bundle, in the same
 * view of the host.
 */
class ExecOptionsIT extends RealContainers {

    private HostView unified = new HostView.AsIs();

    @AfterEach
    void closeView() {
        unified.close();
    }

    /** A container that one of them has made, in a cgroup of its own. */
    private record Container(OciRuntime runtime, String id, String cgroup, HostView view) {

        Execution exec(List<String> options, String... command) {
            return execBy(runtime, options, command);
        }

        Execution execBy(OciRuntime changed, List<String> options, String... command) {
            List<String> words = new ArrayList<>(List.of("exec"));
            words.addAll(options);
            words.add(id);
            words.addAll(List.of(command));
            return changed.call(words.toArray(String[]::new));
        }

        /** What a shell in it says, without what is its own. */
        String output(List<String> options, String script) {
            return exec(options, "/bin/sh", "-c", script).succeeds().output().replace(cgroup, "/CGROUP");
        }

        ForeignCgroup cgroup(String below) {
            return ForeignCgroup.at(view.hierarchies(), cgroup + below);
        }
    }

    private Bundle idle() {
        return sandbox.bundle()
                .runs("sleep", "1000")
                .withoutNamespace("cgroup")
                .without("/process/capabilities/ambient");
    }

    private Container start(OciRuntime runtime, HostView view, Bundle bundle) {
        String id = sandbox.newId();
        String cgroup = "/" + sandbox.newId();
        runtime.call(
                        "run",
                        "--detach",
                        "--bundle",
                        bundle.with("/linux/cgroupsPath", '"' + cgroup + '"').path(),
                        id)
                .succeeds();
        return new Container(runtime, id, cgroup, view);
    }

    /** runc's, and jrun's. */
    private List<Container> besideRunc() {
        Programs.need("runc");
        Bundle bundle = idle();
        return List.of(start(sandbox.installed("runc").orElseThrow(), view(), bundle), start(jrun, view(), bundle));
    }

    /** crun's, and jrun's: with cgroup v2 alone, since 1.8 makes none where there are both versions. */
    private List<Container> besideCrun() {
        Programs.need("crun");
        unified = HostView.isUnifiedOnly() ? new HostView.AsIs() : HostView.UnifiedOnly.open();
        Bundle bundle = idle().with("/ociVersion", "\"1.0.2\"").with("/linux/resources", "{}");
        return List.of(
                start(in(unified, sandbox.installed("crun").orElseThrow()), unified, bundle),
                start(in(unified, jrun), unified, bundle));
    }

    private static OciRuntime in(HostView view, OciRuntime runtime) {
        return new OciRuntime(runtime.name(), view.prefix(), runtime.program(), runtime.root());
    }

    private static String same(List<Container> containers, Function<Container, String> what) {
        String expected = what.apply(containers.getFirst());
        assertEquals(expected, what.apply(containers.getLast()));
        for (Container container : containers) {
            container.runtime().call("delete", "--force", container.id()).succeeds();
        }
        return expected;
    }

    private static final String CAPABILITIES = "grep Cap /proc/self/status";

    @Test
    void capabilitiesAreThoseOfRunc() {
        String all = same(
                besideRunc(),
                container -> container.output(List.of("-c", "CAP_SYS_TIME", "-c", "CAP_CHOWN"), CAPABILITIES)
                        + container.output(List.of("--cap", "CAP_NO_SUCH"), CAPABILITIES));

        assertTrue(all.contains("CapEff:\t0000000022000421"), all);
    }

    /** Bounding, effective and permitted: but who reads it need not read it thrice. */
    @Test
    void aCapabilityThatNobodyKnowsIsSaidOnce() {
        Container container = start(jrun, view(), idle());

        String said = container
                .exec(List.of("--cap", "CAP_NO_SUCH"), "true")
                .succeeds()
                .errors();

        assertEquals(
                "jrun: warning: --cap: found \"CAP_NO_SUCH\"; jrun knows no such capability and leaves it out\n", said);
    }

    private static final String DESCRIPTORS = "cat <&4; ls /proc/self/fd | wc -l";

    private String descriptors(Container container) {
        String open = "exec 3</dev/null 4<" + directory.resolve("inherited") + " 5</dev/null; exec \"$0\" \"$@\"";
        OciRuntime opening = container.runtime().behind("sh", "-c", open);
        return container
                .execBy(opening, List.of("--preserve-fds", "2"), "sh", "-c", DESCRIPTORS)
                .succeeds()
                .output();
    }

    @Test
    void descriptorsAreThoseOfRuncAndCrun() throws IOException {
        Files.writeString(directory.resolve("inherited"), "text\n");

        assertTrue(same(besideRunc(), this::descriptors).startsWith("text\n"));
        assertTrue(same(besideCrun(), this::descriptors).startsWith("text\n"));
    }

    private static String cgroups(Container container, String option) {
        container.cgroup("/below").make();
        return container.output(List.of("--cgroup", option), "cat /proc/self/cgroup");
    }

    @Test
    void aCgroupBelowIsTheOneOfRuncAndCrun() {
        if (Files.exists(view().cgroups().resolve("pids"))) {
            assertTrue(same(besideRunc(), container -> cgroups(container, "pids,freezer:below"))
                    .contains(":pids:/CGROUP/below\n"));
        }
        assertTrue(same(besideCrun(), container -> cgroups(container, "below")).contains("0::/CGROUP/below\n"));
    }

    @Test
    void aPausedContainerIsRefusedInTheSameWordsUnlessItIsWaitedFor() {
        assertEquals("255 true\n3\n", same(besideRunc(), container -> {
            ForeignCgroup cgroup = container.cgroup("");
            cgroup.freeze();
            Execution refused = container.exec(List.of(), "true");
            String said = "exec failed: cannot exec in a paused container (use --ignore-paused to override)";
            Execution.Started waiting = container
                    .runtime()
                    .start(Path.of("/dev/null"), "exec", "--ignore-paused", container.id(), "sh", "-c", "exit 3");
            Eventually.isTrue("it waits in the cgroup", () -> processes(cgroup) > 1);
            cgroup.thaw();
            return refused.code() + " " + refused.errors().contains(said) + "\n"
                    + waiting.await().code() + "\n";
        }));
    }

    private static int processes(ForeignCgroup cgroup) {
        int most = 0;
        for (Path directory : cgroup.directories()) {
            try {
                most = Math.max(
                        most,
                        Files.readAllLines(directory.resolve("cgroup.procs")).size());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return most;
    }

    /** The call is over, and the process is there, under the pid that the file says and nothing else. */
    private String detached(Container container) {
        Path pidFile = directory.resolve("pid-" + container.id());
        Execution call = container.exec(
                List.of("--detach", "--pid-file", pidFile.toString()), "/bin/sh", "-c", "exec sleep 1234");
        try {
            String pid = Files.readString(pidFile);
            assertTrue(pid.matches("[0-9]+"), pid);
            Path arguments = Path.of("/proc", pid, "cmdline");
            Eventually.isTrue("it runs", () -> read(arguments).equals("sleep\0" + "1234\0"));
            return call.code() + " " + Files.getPosixFilePermissions(pidFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aDetachedProcessIsAsWithRuncAndCrun() {
        assertTrue(same(besideRunc(), this::detached).startsWith("0 "));
        assertTrue(same(besideCrun(), container -> detached(container).substring(0, 2))
                .startsWith("0 "));
    }

    @Test
    void whatTheProcessIsIsAsWithCrun() throws IOException {
        Path document = Files.writeString(directory.resolve("process.json"), """
                {"args": ["/bin/sh", "-c", "id; pwd; echo $A; ulimit -n; grep NoNew /proc/self/status"], "cwd": "/tmp",
                 "env": ["PATH=/bin", "A=b"], "user": {"uid": 1000, "gid": 5, "additionalGids": [9]}, "noNewPrivileges": true,
                 "rlimits": [{"type": "RLIMIT_NOFILE", "soft": 50, "hard": 60}],
                 "capabilities": {"bounding": ["CAP_KILL"], "effective": [], "permitted": []}}""");

        String all = same(
                besideCrun(),
                container -> String.join(
                        "",
                        // A user without a group is root in some releases of crun (CVE-2026-30892).
                        container.output(List.of("-u", "4242:4243"), "/bin/id"),
                        container.output(List.of("--cwd", "/tmp"), "pwd"),
                        container.output(List.of("-e", "B=b=c", "--env", "C="), "echo $B; echo ${C-unset}"),
                        container.output(List.of("--no-new-privs"), "/bin/grep NoNew /proc/self/status"),
                        container
                                .exec(List.of("--process", document.toString()))
                                .succeeds()
                                .output(),
                        container.exec(List.of(), "/bin/sh", "-c", "kill -9 $$").code() + "\n",
                        container.exec(List.of(), "/bin/sh", "-c", "exit 7").code() + "\n"));

        assertTrue(all.contains("uid=1000(bob) gid=5 groups=9\n/tmp\nb\n50\nNoNewPrivs:\t1\n137\n7\n"), all);
    }

    /** Clients tell by the words what it is. */
    @Test
    void errorsHaveTheExitCodesOfRunc() {
        String label = Files.exists(Path.of("/sys/fs/selinux/enforce")) ? "true" : "--process-label=foo";
        String profile = Files.exists(Path.of("/sys/module/apparmor/parameters/enabled")) ? "true" : "--apparmor=foo";
        String codes = same(besideRunc(), container -> {
            List<Integer> found = new ArrayList<>();
            for (List<String> call : List.of(
                    List.of("ID"),
                    List.of("no-such-container", "true"),
                    List.of("ID", "nosuch"),
                    List.of("ID", "/nosuch"),
                    List.of("ID", "/tmp"),
                    List.of("ID", "/etc/passwd"),
                    List.of("--cwd", "/nosuch", "ID", "true"),
                    List.of("--env", "A", "ID", "true"),
                    List.of("--env", "=A", "ID", "true"),
                    List.of("--user", "x", "ID", "true"),
                    List.of("--user", "-1", "ID", "true"),
                    List.of("--process", "/nosuch", "ID"),
                    List.of("--cgroup", "nosuch", "ID", "true"),
                    List.of("--console-socket", "/nosuch", "ID", "true"),
                    List.of("--tty", "--detach", "ID", "true"),
                    label.equals("true") ? List.of("ID", "nosuch") : List.of(label, "ID", "true"),
                    profile.equals("true") ? List.of("ID", "nosuch") : List.of(profile, "ID", "true"),
                    List.of("--nosuch", "ID", "true"),
                    List.of("--preserve-fds", "x", "ID", "true"))) {
                List<String> words = new ArrayList<>(List.of("exec"));
                call.forEach(word -> words.add(word.equals("ID") ? container.id() : word));
                Execution failed = container.runtime().call(words.toArray(String[]::new));
                assertFalse(failed.errors().isEmpty(), failed::toString);
                found.add(failed.code());
            }
            return found.toString();
        });

        assertEquals("[" + "255, ".repeat(17) + "1, 1]", codes);
    }

    @Test
    void aStoppedContainerIsRefusedInTheSameWords() {
        List<Container> containers = besideRunc();
        for (Container container : containers) {
            container.runtime().call("kill", container.id(), "KILL").succeeds();
            container.runtime().awaitStatus(container.id(), "stopped");
        }

        assertEquals("255 true", same(containers, container -> {
            Execution refused = container.exec(List.of(), "true");
            return refused.code() + " " + refused.errors().contains("exec failed: cannot exec in a stopped container");
        }));
    }
}
