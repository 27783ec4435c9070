// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.ForeignCgroup;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers to whom a pid means another process than to others, or than in their {@code /proc}. */
class PidNamespacesIT extends RealContainers {

    private static final String REFUSAL = "/proc shows the processes of another pid namespace than the caller's";

    @BeforeAll
    static void needTools() {
        Programs.need("unshare", "nsenter");
    }

    /** In a new pid namespace with the host's /proc. */
    private OciRuntime behindTheHostsProc() {
        return jrun.behind("unshare", "--pid", "--fork", "--kill-child", "env", "JRUN_ENGINE_IDLE=0");
    }

    private String created() {
        String id = sandbox.newId();
        jrun.call("create", "--bundle", sleeping().path(), id).succeeds();
        return id;
    }

    private Bundle sleeping() {
        return sandbox.bundle().runs("sleep", "1000");
    }

    @Test
    void whereProcShowsOthersNothingIsMadeSignalledOrRemoved() {
        String id = created();
        String bundle = sleeping().path();
        for (List<String> call : List.of(
                List.of("create", "--bundle", bundle, sandbox.newId()),
                List.of("run", "--bundle", bundle, sandbox.newId()),
                List.of("start", id),
                List.of("kill", id, "KILL"),
                List.of("kill", id, "0"),
                List.of("kill", "--all", id, "KILL"),
                List.of("delete", id),
                List.of("delete", "--force", id))) {
            behindTheHostsProc()
                    .call(call.toArray(String[]::new))
                    .failsWith("jrun: cannot " + call.getFirst(), REFUSAL);
        }
        assertEquals("created", jrun.status(id));
        try (Unshared other = Unshared.open("--pid")) {
            jrun.behind("nsenter", "--target", Long.toString(other.pid()), "--pid", "env", "JRUN_ENGINE_IDLE=0")
                    .call("delete", "--force", id)
                    .failsWith(REFUSAL);
        }
        assertEquals("created", jrun.status(id));
    }

    @Test
    void whatOnlyLooksIsRightThere() {
        String id = created();
        assertEquals(jrun.state(id), behindTheHostsProc().state(id));
        assertEquals(
                jrun.call("list").succeeds().lines(),
                behindTheHostsProc().call("list").succeeds().lines());
        behindTheHostsProc().call("features").succeeds();
        String bundle = sleeping().path();
        assertEquals(
                jrun.call("explain", "--bundle", bundle).succeeds().lines().get(2),
                behindTheHostsProc()
                        .call("explain", "--bundle", bundle)
                        .succeeds()
                        .lines()
                        .get(2));
    }

    /** There is no /proc/self, so that nothing can be found out. */
    @Test
    void whereProcDoesNotShowTheCallerNoCallIsMade() {
        String id = created();
        try (Unshared other = Unshared.open("--pid", "--mount-proc")) {
            OciRuntime confused = jrun.behind(
                    "nsenter", "--target", Long.toString(other.pid()), "--mount", "env", "JRUN_ENGINE_IDLE=0");
            for (String command : List.of("state", "delete")) {
                assertEquals(1, confused.call(command, id).code(), command);
            }
        }
        assertEquals("created", jrun.status(id));
    }

    /** proc(5), hidepid: root has no right to see what it may not trace, unless it is in root's group. */
    @ParameterizedTest
    @ValueSource(strings = {"noaccess", "invisible", "ptraceable"})
    void aProcessThatProcHidesIsNotTakenForGone(String hidden) {
        Programs.need("setpriv");
        String id = created();
        OciRuntime blind = jrun.behind(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t proc -o hidepid=" + hidden
                        + " proc /proc && exec setpriv --bounding-set=-sys_ptrace --regid=65534 --clear-groups env JRUN_ENGINE_IDLE=0 \"$@\"",
                "sh");
        for (List<String> call : List.of(List.of("state", id), List.of("kill", id, "KILL"), List.of("delete", id))) {
            blind.call(call.toArray(String[]::new)).failsWith("cannot find out whether process", "hidepid");
        }
        assertEquals("created", jrun.status(id));
    }

    /**
     * In other pid and mount namespaces, with a /proc of their own: Docker in Docker, with the root of the states
     * shared.
     */
    private OciRuntime inside(Unshared other) {
        return jrun.behind(
                "nsenter", "--target", Long.toString(other.pid()), "--pid", "--mount", "env", "JRUN_ENGINE_IDLE=0");
    }

    @Test
    void aContainerOfAnotherPidNamespaceIsLeftAlone() {
        try (Unshared other = Unshared.open("--pid", "--mount-proc")) {
            String id = sandbox.newId();
            Bundle bundle = sleeping();
            inside(other).call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
            assertIsLeftAlone(jrun, id, bundle);
            assertEquals("running", inside(other).status(id));
            inside(other).call("delete", "--force", id).succeeds();
        }
    }

    @Test
    void aContainerOfTheHostIsLeftAloneByOneWhoSharesNothingButItsState() {
        String id = sandbox.newId();
        // Whatever is in the cgroup of such a container is its own.
        Bundle bundle = sleeping().withoutNamespace("pid").withoutMount("proc");
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        try (Unshared other = Unshared.open("--pid", "--mount-proc")) {
            assertIsLeftAlone(inside(other), id, bundle);
        }
        assertEquals("running", jrun.status(id));
    }

    /**
     * A container engine in a container is started anew, with the states of its last life: docker restart of Docker in
     * Docker. Those containers ended with their pid namespace, their cgroups were removed with the outer one's.
     */
    @Test
    void aContainerWhosePidNamespaceHasEndedIsDeletedOnceItsCgroupIsGone() {
        String id = sandbox.newId();
        String cgroup = "/" + sandbox.newId();
        Bundle bundle = sleeping().with("/linux/cgroupsPath", '"' + cgroup + '"');
        List<Path> hierarchies = view().hierarchies();
        try (var outer = ForeignCgroup.at(hierarchies, "/" + sandbox.newId()).make();
                Unshared later = Unshared.open("--pid", "--mount-proc")) {
            onlyShows(later, hierarchies, outer);
            try (Unshared other = Unshared.open("--pid", "--mount-proc")) {
                inside(other)
                        .call("run", "--detach", "--bundle", bundle.path(), id)
                        .succeeds();
            }
            for (OciRuntime runtime : List.of(jrun, inside(later))) {
                assertIsLeftAlone(runtime, id, bundle);
                runtime.call("delete", "--force", id)
                        .failsWith(
                                "; call jrun where the container was made or, if that place no longer exists, remove "
                                        + jrun.root().resolve(id) + " by hand");
            }
            ForeignCgroup.at(hierarchies, cgroup).close();
            for (OciRuntime runtime : List.of(jrun, inside(later))) {
                assertEquals("stopped", runtime.status(id));
                assertEquals(0, runtime.state(id).get("pid").asLong());
                runtime.call("kill", id, "KILL").failsWith("container not running");
                runtime.call("start", id).failsWith("it has stopped");
                assertTrue(runtime.call("list").succeeds().output().matches("(?s).*\n" + id + " +0 +stopped .*"));
            }
            inside(later).call("delete", id).succeeds();
            jrun.call("state", id).failsWith("does not exist");
        }
    }

    /** As in a container, cgroups begin at {@code outer}, so that the path of another container's says nothing. */
    private static void onlyShows(Unshared namespaces, List<Path> hierarchies, ForeignCgroup outer) {
        for (int i = 0; i < hierarchies.size(); i++) {
            Programs.run(
                            "nsenter",
                            "--target",
                            Long.toString(namespaces.pid()),
                            "--mount",
                            "mount",
                            "--bind",
                            outer.directories().get(i).toString(),
                            hierarchies.get(i).toString())
                    .succeeds();
        }
    }

    private void assertIsLeftAlone(OciRuntime runtime, String id, Bundle bundle) {
        for (List<String> call : List.of(
                List.of("state", id),
                List.of("start", id),
                List.of("kill", id, "KILL"),
                List.of("kill", "--all", id, "KILL"),
                List.of("kill", id, "0"),
                List.of("delete", id),
                List.of("delete", "--force", id))) {
            runtime.call(call.toArray(String[]::new))
                    .failsWith(
                            "cannot find out whether process ",
                            " is alive: it was recorded in another pid namespace than /proc shows here");
        }
        runtime.call("create", "--bundle", bundle.path(), id).failsWith("already exists");
        Execution list = runtime.call("list").succeeds();
        assertTrue(list.output().matches("(?s).*\n" + id + " +0 +unknown .*"), list.output());
        assertTrue(
                list.errors().contains("jrun: warning: container " + id + ": cannot find out whether process "),
                list.errors());
    }

    /** The machine has started anew, and another process has the pid, and started as long after. */
    @Test
    void aContainerOfAnEarlierStartOfTheMachineHasEnded() throws IOException {
        String id = created();
        Path process = Path.of("/proc/" + jrun.state(id).get("pid").asLong());
        Path state = jrun.root().resolve(id).resolve("state.json");
        String written = Files.readString(state);
        String boot =
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        Files.writeString(state, written.replace(boot, "0c8a2d0e-0000-4000-8000-000000000000"));
        assertEquals("stopped", jrun.status(id));
        assertEquals(0, jrun.state(id).get("pid").asLong());
        jrun.call("kill", id, "KILL").failsWith("container not running");
        jrun.call("delete", id).succeeds();
        jrun.call("state", id).failsWith("does not exist");
        assertTrue(Files.exists(process.resolve("cwd")), "a process of this start of the machine was killed");

        Files.createDirectory(
                state.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(state, written);
        assertEquals("created", jrun.status(id));
    }

    /** It has not said in which start of the machine and in which pid namespace. */
    @Test
    void aContainerThatAnOlderVersionHasMadeStaysUsable() throws IOException {
        String id = created();
        Path state = jrun.root().resolve(id).resolve("state.json");
        String written = Files.readString(state);
        String older = written.replaceFirst("\"pids\":\\{[^}]*},", "")
                .replaceAll(",\"mountPoint\":\"[^\"]*\",\"mounted\":\"[^\"]*\"", "");
        assertTrue(older.length() < written.length() - 200, written);
        Files.writeString(state, older);
        jrun.call("start", id).succeeds();
        jrun.awaitStatus(id, "running");
        jrun.call("kill", id, "KILL").succeeds();
        jrun.awaitStatus(id, "stopped");
        jrun.call("delete", id).succeeds();
        sandbox.assertNothingIsLeft();
    }
}
