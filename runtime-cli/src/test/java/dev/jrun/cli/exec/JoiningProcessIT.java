// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.EmbeddedCall;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.embedded.ChangedSession;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.engine.ForwardingSession;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Instruction;
import dev.jrun.program.Operand;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the process that {@code exec} adds to a container has of the host, and what others in the container can do to
 * it, before its executable runs: CVE-2016-9962, CVE-2019-5736, CVE-2024-21626.
 */
class JoiningProcessIT extends RealContainers {

    private static final String TRACE = "[\"CAP_SYS_PTRACE\", \"CAP_KILL\"]";

    private String id;
    private EmbeddedCall.Result result;

    private Bundle idle() {
        return sandbox.bundle().runs("sleep", "1000").with("/root/readonly", "false");
    }

    /** It may trace any process of the host's user namespace that it sees. */
    private Bundle tracing() {
        Bundle bundle = idle();
        for (String set : List.of("bounding", "effective", "permitted")) {
            bundle.with("/process/capabilities/" + set, TRACE);
        }
        return bundle.without("/process/capabilities/ambient");
    }

    /** Looks at a process from the host and from the container. */
    private interface Look {
        void at(long pid, String pidInside) throws IOException;
    }

    /** Looks at the process when it is in the container's pid namespace, and waits for its shim. */
    private void whileOneJoins(Bundle bundle, Look look, String... options) throws IOException {
        id = sandbox.newId();
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        long init = jrun.state(id).get("pid").asLong();
        List<String> words = new ArrayList<>(List.of("--root", jrun.root().toString(), "exec"));
        words.addAll(List.of(options));
        words.addAll(List.of(id, "true"));
        result = new EmbeddedCall(directory)
                .make(
                        words,
                        (_, session) -> new JoiningSession(session, () -> {
                            try {
                                long pid = other(init);
                                look.at(pid, inside(pid));
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        }));
    }

    /** The other process in the pid namespace of {@code init}. */
    private static long other(long init) throws IOException {
        String namespace = link(init, "ns/pid");
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("[0-9]+"))
                    .map(Long::parseLong)
                    .filter(pid -> pid != init && namespace.equals(linkIfThere(pid, "ns/pid")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String link(long pid, String name) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/" + pid + "/" + name)).toString();
    }

    private static String linkIfThere(long pid, String name) {
        try {
            return link(pid, name);
        } catch (IOException gone) {
            return "";
        }
    }

    private static String inside(long pid) throws IOException {
        String[] pids = status(pid, "NSpid").split("\t");
        return pids[pids.length - 1];
    }

    private static String status(long pid, String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    private Execution inContainer(String script) {
        return jrun.call("exec", id, "sh", "-c", script);
    }

    @Test
    void isTheContainersAlreadyWhereTheContainerCanSeeIt() throws IOException {
        whileOneJoins(tracing(), (pid, _) -> {
            long init = jrun.state(id).get("pid").asLong();
            for (String set :
                    List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "Uid", "Gid", "Groups", "NoNewPrivs")) {
                assertEquals(status(init, set), status(pid, set), set);
            }
            for (String namespace : List.of("mnt", "pid", "net", "ipc", "uts", "user", "cgroup")) {
                assertEquals(link(init, "ns/" + namespace), link(pid, "ns/" + namespace));
            }
            assertEquals(
                    Files.getAttribute(Path.of("/proc/" + init + "/root/."), "unix:ino"),
                    Files.getAttribute(Path.of("/proc/" + pid + "/root/."), "unix:ino"));
            assertEquals(
                    Files.getAttribute(Path.of("/proc/" + init + "/cwd/."), "unix:ino"),
                    Files.getAttribute(Path.of("/proc/" + pid + "/cwd/."), "unix:ino"));
            assertEquals(
                    "", Files.readString(Path.of("/proc/" + pid + "/environ")).replace("\0", ""));
            assertEquals(List.of("0", "1", "2", "3"), descriptors(pid));
            assertTrue(link(pid, "fd/3").startsWith("socket:"));
        });

        assertEquals(0, result.code(), result::output);
    }

    private static List<String> descriptors(long pid) throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return links.map(link -> link.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void cannotBeLookedIntoByProcessesOfTheSameUser() throws IOException {
        for (String user : List.of("0", "1000")) {
            whileOneJoins(
                    idle(),
                    (_, inside) -> {
                        Execution look = jrun.call(
                                "exec",
                                "--user",
                                user,
                                id,
                                "sh",
                                "-c",
                                "cd /proc/%s && for f in exe root cwd fd/0; do readlink $f; done; cat environ maps mem stack"
                                        .formatted(inside));
                        assertEquals("", look.output(), look::toString);
                        assertTrue(look.errors().contains("ermission denied"), look::toString);
                    },
                    "--user",
                    user);
            assertEquals(0, result.code(), result::output);
            jrun.call("delete", "--force", id).succeeds();
        }
    }

    @Test
    void isNoWayToTheHostsBinaryForOneThatMayTraceIt() throws IOException {
        Path host = jrun.program();
        long size = Files.size(host);
        whileOneJoins(tracing(), (_, inside) -> {
            Execution look =
                    inContainer("readlink /proc/%s/exe; echo overwritten > /proc/%s/exe".formatted(inside, inside));
            assertTrue(look.output().startsWith("/memfd:jrun"), look::toString);
            assertFalse(look.errors().isEmpty(), look::toString);
        });

        assertEquals(0, result.code(), result::output);
        assertEquals(size, Files.size(host));
    }

    /** What is executed is the shim itself: as of CVE-2019-5736, where that was the host's file. */
    @Test
    void executesNothingOfTheHostByItsOwnName() throws IOException {
        id = sandbox.newId();
        jrun.call("run", "--detach", "--bundle", tracing().path(), id).succeeds();
        long size = Files.size(jrun.program());

        jrun.call("exec", id, "/proc/self/exe", "--version");
        Execution.Started running = jrun.start(Path.of("/dev/null"), "exec", id, "sleep", "1000");
        Eventually.isEqual(
                "executables in the container",
                "/bin/busybox\n/bin/busybox\n/bin/busybox\n",
                () -> inContainer("for e in /proc/[0-9]*/exe; do readlink $e; done")
                        .output());
        assertEquals(size, Files.size(jrun.program()));
        running.process().destroy();
        running.await();
    }

    @Test
    void oneThatIsKilledFromInsideIsAFailedExec() throws IOException {
        Path pidFile = directory.resolve("pid");
        whileOneJoins(
                tracing(),
                (pid, inside) -> {
                    inContainer("kill -9 " + inside).succeeds();
                    Eventually.isEqual("the process's state", "Z (zombie)", () -> stateOf(pid));
                },
                "--pid-file",
                pidFile.toString());

        assertEquals(255, result.code(), result::output);
        assertTrue(result.output().contains("the process ended before"), result::output);
        assertFalse(Files.exists(pidFile));
    }

    private static String stateOf(long pid) {
        try {
            return status(pid, "State");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void joinsNoContainerThatEndsMeanwhile() throws IOException {
        id = sandbox.newId();
        jrun.call("run", "--detach", "--bundle", idle().path(), id).succeeds();

        result = new EmbeddedCall(directory)
                .make(
                        List.of("--root", jrun.root().toString(), "exec", id, "true"),
                        (_, session) -> new ForwardingSession(session) {
                            @Override
                            public void go(int target, List<Patch> patches) throws SessionBrokenException {
                                jrun.call("kill", id, "KILL").succeeds();
                                jrun.awaitStatus(id, "stopped");
                                super.go(target, patches);
                            }
                        });

        assertEquals(
                new EmbeddedCall.Result(
                        255,
                        "jrun: exec failed: container not running: config.json#/linux/namespaces:"
                                + " enter the namespaces of the container: no such process\n"),
                result);
    }

    /** As a caller who is in some of them already and may not enter those again. */
    @Test
    void entersThemAlsoWhereItMayNotEnterAllAtOnce() throws IOException {
        id = sandbox.newId();
        jrun.call("run", "--detach", "--bundle", idle().path(), id).succeeds();
        long init = jrun.state(id).get("pid").asLong();
        List<String> kinds = List.of("mnt", "pid", "net", "ipc", "uts", "cgroup");
        String script = "for kind in " + String.join(" ", kinds) + "; do readlink /proc/self/ns/$kind; done";

        result = new EmbeddedCall(directory)
                .make(
                        List.of("--root", jrun.root().toString(), "exec", id, "sh", "-c", script),
                        (_, session) -> new RefusedSession(session));

        var expected = new StringBuilder();
        for (String kind : kinds) {
            expected.append(link(init, "ns/" + kind)).append('\n');
        }
        assertEquals(new EmbeddedCall.Result(0, expected.toString()), result);
    }

    /** The first time that namespaces are entered there is one more among them that nobody has: EINVAL. */
    private static final class RefusedSession extends ChangedSession {
        private static final long NONE = 1;

        RefusedSession(Session session) {
            super(session);
        }

        @Override
        protected Program changed(Program program) {
            List<Instruction> instructions = program.instructions();
            for (int index = 0; index < instructions.size(); index++) {
                if (instructions.get(index) instanceof Instruction.SystemCall made && made.call() == Syscall.SETNS) {
                    List<Operand> arguments = List.of(made.arguments().getFirst(), Operand.value(NONE));
                    return program.replacing(
                            index,
                            new Instruction.SystemCall(
                                    made.call(), arguments, made.result(), made.policy(), made.attempts()));
                }
            }
            return program;
        }
    }

    /** A working directory of the host's, by a descriptor that its caller has leaked. */
    @Test
    void isNeverInADirectoryOfTheHost() throws IOException {
        id = sandbox.newId();
        jrun.call("run", "--detach", "--bundle", idle().path(), id).succeeds();
        OciRuntime leaking = jrun.behind("sh", "-c", "exec 7</; exec \"$0\" \"$@\"");

        for (int descriptor = 0; descriptor < 20; descriptor++) {
            Execution execution =
                    leaking.call("exec", "--cwd", "/proc/self/fd/" + descriptor, id, "cat", "../../../../etc/passwd");
            assertFalse(execution.output().contains("daemon"), execution::toString);
        }
    }
}
