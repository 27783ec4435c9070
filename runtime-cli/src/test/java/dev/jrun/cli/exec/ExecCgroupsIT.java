// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.ForeignCgroup;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.cli.testing.terminal.ConsoleListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** In which cgroups processes are that {@code exec} adds to a container, and what these do to them. */
class ExecCgroupsIT extends RealContainers {

    private static final int FAILED = 255;

    private String path;
    private String id;

    private void start(Bundle bundle) {
        path = "/" + sandbox.newId();
        id = sandbox.newId();
        jrun.call(
                        "run",
                        "--detach",
                        "--bundle",
                        bundle.with("/linux/cgroupsPath", '"' + path + '"').path(),
                        id)
                .succeeds();
    }

    private Bundle idle() {
        return sandbox.bundle().runs("sleep", "1000");
    }

    private ForeignCgroup cgroup(String below) {
        return ForeignCgroup.at(view().hierarchies(), path + below);
    }

    private Execution exec(List<String> options, String... command) {
        List<String> words = new ArrayList<>(List.of("exec"));
        words.addAll(options);
        words.add(id);
        words.addAll(List.of(command));
        return jrun.call(words.toArray(new String[0]));
    }

    private void fails(Execution execution, String phrase) {
        assertEquals(FAILED, execution.code(), execution::toString);
        assertTrue(execution.errors().contains(phrase), () -> "no \"" + phrase + "\" in " + execution);
    }

    /** The cgroups of a process that is executed, by hierarchy, as the host sees them. */
    private Map<String, String> cgroupsOf(String... options) throws IOException {
        Path pidFile = directory.resolve("pid");
        List<String> words = new ArrayList<>(List.of("--detach", "--pid-file", pidFile.toString()));
        words.addAll(List.of(options));
        exec(words, "sleep", "1000").succeeds();
        String pid = Files.readString(pidFile);
        Map<String, String> cgroups = cgroups(Long.parseLong(pid));
        ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
        return cgroups;
    }

    private static Map<String, String> cgroups(long pid) throws IOException {
        Map<String, String> cgroups = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"))) {
            String[] fields = line.split(":", 3);
            cgroups.put(fields[1], fields[2]);
        }
        return cgroups;
    }

    private Map<String, String> cgroupsOfInit() throws IOException {
        return cgroups(jrun.state(id).get("pid").asLong());
    }

    @Test
    void theyAreTheContainers() throws IOException {
        start(idle());

        assertEquals(cgroupsOfInit(), cgroupsOf());
    }

    @Test
    void oneBelowCanBeAskedFor() throws IOException {
        start(idle());
        ForeignCgroup below = cgroup("/below").make();
        Map<String, String> expected = cgroupsOfInit();
        expected.replaceAll((_, cgroup) -> cgroup.equals(path) ? path + "/below" : cgroup);

        assertEquals(expected, cgroupsOf("--cgroup", "below"));
        assertEquals(expected, cgroupsOf("--cgroup", "/x/../below/"));

        assertTrue(!below.directories().isEmpty());
    }

    @Test
    void oneBelowCanBeAskedForInSomeHierarchies() throws IOException {
        Programs.skipUnless(Files.exists(view().cgroups().resolve("pids")), "no hierarchy of cgroup v1 is mounted");
        start(idle());
        cgroup("/below").make();
        Map<String, String> expected = cgroupsOfInit();
        expected.replace("pids", path + "/below");
        expected.replace("name=systemd", path + "/below");

        assertEquals(expected, cgroupsOf("--cgroup", "pids,name=systemd:below"));
        assertEquals(expected, cgroupsOf("--cgroup", "pids:below", "--cgroup", "name=systemd:/below"));
    }

    @Test
    void whatIsNoCgroupBelowIsAnError() {
        start(idle());

        fails(exec(List.of("--cgroup", "nosuch"), "true"), path + "/nosuch: no such file or directory");
        fails(exec(List.of("--cgroup", "nosuch"), "true"), "exec failed: --cgroup: ");
        fails(exec(List.of("--cgroup", "../x"), "true"), "--cgroup: \"../x\" is not the path of a cgroup below");
        fails(exec(List.of("--cgroup", "nosuch:x"), "true"), "\"nosuch\"");
        fails(exec(List.of("--cgroup", ":x"), "true"), "invalid --cgroup argument: :x (empty <controller> prefix)");
        fails(
                exec(List.of("--cgroup", "cpu:x", "--cgroup", "cpu:y"), "true"),
                "controller cpu specified multiple times");
        fails(
                exec(List.of("--cgroup", "x", "--cgroup", "y"), "true"),
                "invalid --cgroup argument: x (missing <controller>: prefix)");
    }

    @Test
    void aPausedContainerIsRefusedUnlessItIsWaitedFor() {
        start(idle());
        ForeignCgroup cgroup = cgroup("");
        cgroup.freeze();

        fails(exec(List.of(), "true"), "cannot exec in a paused container (use --ignore-paused to override)");
        Execution.Started waiting =
                jrun.start(Path.of("/dev/null"), "exec", "--ignore-paused", id, "sh", "-c", "echo thawed; exit 3");
        Eventually.isTrue("it is in the cgroup", () -> processes() == 2);
        // Others are not kept from anything meanwhile.
        assertEquals("paused", jrun.status(id));
        jrun.call("kill", id, "USR2").succeeds();
        cgroup.thaw();

        Execution execution = waiting.await();
        assertEquals(3, execution.code(), execution::toString);
        assertEquals("thawed\n", execution.output());
    }

    @Test
    void whoeverWaitsForAPausedContainerCanBeEnded() {
        start(idle());
        ForeignCgroup cgroup = cgroup("");
        cgroup.freeze();
        Execution.Started waiting = jrun.start(Path.of("/dev/null"), "exec", "--ignore-paused", id, "true");
        Eventually.isTrue("it is in the cgroup", () -> processes() == 2);

        waiting.process().destroy();

        assertEquals(128 + 15, waiting.await().code());
        cgroup.thaw();
        Eventually.isTrue("nothing is left of it", () -> processes() == 1);
    }

    private int processes() {
        int most = 0;
        for (Path directory : cgroup("").directories()) {
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

    @Test
    void aFullCgroupIsAnErrorThatSaysSo() {
        Programs.skipUnless(
                Files.exists(view().cgroups().resolve("pids")), "no hierarchy of cgroup v1 has the controller pids");
        start(idle().with("/linux/resources", "{\"pids\": {\"limit\": 2}}"));

        fails(exec(List.of(), "true"), "resource temporarily unavailable (is pids.max of the container's cgroup");

        assertEquals(1, processes());
    }

    @Test
    void twoPlacesInTheCgroupAreEnough() {
        Programs.skipUnless(
                Files.exists(view().cgroups().resolve("pids")), "no hierarchy of cgroup v1 has the controller pids");
        start(idle().with("/linux/resources", "{\"pids\": {\"limit\": 3}}"));

        exec(List.of(), "true").succeeds();
    }

    /** As systemd does in a container: cgroup v2 lets no process into a cgroup that hands controllers on. */
    @Test
    void itIsBesideInitWhereTheContainerHasHandedItsOwnCgroupDown() throws IOException {
        startHandedDown(idle());

        assertEquals(path + "/inner", cgroupsOf().get(""));
        fails(exec(List.of("--cgroup", "/"), "true"), "enables controllers for cgroups below it");
    }

    private void startHandedDown(Bundle bundle) throws IOException {
        Path top = view().unified();
        Programs.skipUnless(
                !Files.readString(top.resolve("cgroup.subtree_control")).isBlank(),
                "cgroup v2 has no controllers here: they are those of v1");
        start(bundle);
        ForeignCgroup inner = cgroup("/inner").make();
        inner.enter(jrun.state(id).get("pid").asLong());
        String first = Files.readString(top.resolve(path.substring(1)).resolve("cgroup.controllers"))
                .split("[ \n]")[0];
        Files.writeString(top.resolve(path.substring(1)).resolve("cgroup.subtree_control"), "+" + first);
    }

    /** The shim lends its own to the process while that is born, and there the first birth fails. */
    @Test
    void theShimKeepsItsOomScoreThere() throws IOException {
        startHandedDown(idle().with("/process/oomScoreAdj", "700"));
        Path document = Files.writeString(
                directory.resolve("process.json"),
                "{\"args\": [\"sh\", \"-c\", \"cat /proc/self/oom_score_adj; exec cat\"], \"cwd\": \"/\","
                        + " \"env\": [\"PATH=/bin\"], \"oomScoreAdj\": 700}");
        Path input = directory.resolve("input");
        Programs.run("mkfifo", input.toString());
        Process writer = new ProcessBuilder("sh", "-c", "exec sleep 1000 > " + input).start();
        try {
            Execution.Started exec = jrun.start(input, "exec", "--process", document.toString(), id);
            Eventually.isEqual("output", "700\n", exec::outputSoFar);

            assertEquals(
                    Files.readString(Path.of("/proc/self/oom_score_adj")),
                    Files.readString(Path.of("/proc/" + exec.pid() + "/oom_score_adj")));
            writer.destroy();
            assertEquals(0, exec.await().code());
        } finally {
            writer.destroyForcibly();
        }
    }

    /** conmon takes one connection, and removes its socket. */
    @Test
    void aTerminalIsSentOverOneConnectionThere() throws IOException {
        startHandedDown(idle());
        try (ConsoleListener listener = ConsoleListener.at(directory.resolve("console"))) {
            exec(List.of("--detach", "--tty", "--console-socket", listener.path()), "sleep", "1000")
                    .succeeds();
            listener.terminal().close();
        }
    }
}
