// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.UnifiedContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.ForeignCgroup;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * crun's annotation {@code run.oci.delegate-cgroup}: a container whose processes are in a cgroup below the one that is
 * limited.
 */
public class DelegatedCgroupIT extends UnifiedContainers {

    private static final String ANNOTATION = "run.oci.delegate-cgroup";

    private Bundle delegating(String path) {
        return sandbox.bundle()
                .with("/ociVersion", "\"1.0.2\"")
                .withoutMount("cgroup")
                .with("/mounts/-", """
                        {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["rw"]}""")
                .with("/annotations", "{\"" + ANNOTATION + "\": \"" + path + "\"}")
                .runs("sleep", "1000");
    }

    private String start(Bundle bundle) {
        return sandbox.run(jrun, bundle);
    }

    /** The path of a process's cgroup, as the host sees it. */
    private static String cgroupOf(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"))) {
            if (line.startsWith("0::")) {
                return line.substring("0::".length());
            }
        }
        throw new AssertionError("process " + pid + " has no cgroup");
    }

    private String cgroupOfInit(String id) throws IOException {
        return cgroupOf(jrun.state(id).get("pid").asLong());
    }

    private List<String> inside(String id, String script) {
        return jrun.call("exec", id, "sh", "-c", script).succeeds().lines();
    }

    private Path directory(String id) {
        return view().unified().resolve(id);
    }

    @Test
    void itsProcessesAreBelowWhatIsTheRootOfItsNamespace() throws IOException {
        String id = start(delegating("/init"));

        assertEquals("/" + id + "/init", cgroupOfInit(id));
        assertEquals(
                List.of("0::/init", "0::/init", "init"),
                inside(id, "grep ^0 /proc/1/cgroup; grep ^0 /proc/self/cgroup; cd /sys/fs/cgroup; ls -d init"));
        jrun.call("delete", "--force", id).succeeds();
        assertTrue(Files.notExists(directory(id)));
    }

    /** With as many controllers at least: crun hands down those that it knows limits of. */
    @Test
    void itIsWhereCrunPutsIt() throws IOException {
        Optional<OciRuntime> crun = sandbox.installed("crun");
        Programs.skipUnless(crun.isPresent(), "crun is not installed");
        Delegated found = delegatedBy(jrun);
        Delegated expected = delegatedBy(crun.get());

        assertEquals(expected.place(), found.place());
        assertTrue(found.controllers().containsAll(expected.controllers()), () -> expected + " and " + found);
    }

    private record Delegated(String place, Set<String> controllers) {}

    private Delegated delegatedBy(OciRuntime runtime) throws IOException {
        String id = sandbox.run(runtime, delegating("payload").with("/linux/resources", "{}"));
        String place = cgroupOf(runtime.state(id).get("pid").asLong()).replace(id, "ID");
        Set<String> controllers = new TreeSet<>(words(directory(id).resolve("cgroup.subtree_control")));
        runtime.call("delete", "--force", id).succeeds();
        return new Delegated(place, controllers);
    }

    private static List<String> words(Path file) throws IOException {
        return List.of(Files.readString(file).strip().split(" "));
    }

    /** And no other file: those say what the container may use. */
    @Test
    void inAUserNamespaceItIsItsRoots() throws IOException {
        String id = start(delegating("a/b").inUserNamespace());
        Path cgroup = directory(id).resolve("a/b");

        assertEquals("/" + id + "/a/b", cgroupOfInit(id));
        for (String file : List.of("", "cgroup.procs", "cgroup.threads", "cgroup.subtree_control")) {
            Path path = cgroup.resolve(file);
            assertEquals((int) Bundle.FIRST_ID, Files.getAttribute(path, "unix:uid"), path::toString);
            assertEquals((int) Bundle.FIRST_ID, Files.getAttribute(path, "unix:gid"), path::toString);
        }
        assertEquals(0, Files.getAttribute(cgroup.resolve("cgroup.freeze"), "unix:uid"));
        assertEquals(
                List.of("0::/a/b/part"),
                inside(
                        id,
                        "cd /sys/fs/cgroup/a/b; mkdir part; echo $$ > part/cgroup.procs; grep ^0 /proc/self/cgroup"));
    }

    /** An image can have said the annotation. */
    @Test
    void whereItMayNotWriteNothingIsItsRoots() throws IOException {
        Bundle bundle =
                delegating("init").inUserNamespace().withoutMount("cgroup").with("/mounts/-", """
                {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["ro"]}""");
        String id = start(bundle);

        assertEquals("/" + id + "/init", cgroupOfInit(id));
        for (String file : List.of("", "cgroup.procs", "cgroup.threads", "cgroup.subtree_control")) {
            Path path = directory(id).resolve("init").resolve(file);
            assertEquals(0, Files.getAttribute(path, "unix:uid"), path::toString);
        }
    }

    /** By itself, its user owns nothing, and it sees its cgroups if it has no namespace. */
    @Test
    void withoutACgroupNamespaceItIsBelowAsWell() throws IOException {
        String id = start(delegating("init").withoutNamespace("cgroup"));

        assertEquals("/" + id + "/init", cgroupOfInit(id));
        assertEquals(List.of("0::/" + id + "/init"), inside(id, "grep ^0 /proc/1/cgroup"));
    }

    /** There another process makes init, which is born in the same cgroup as that. */
    @Test
    void whoJoinsNamespacesIsThereAsWell() throws IOException {
        String first = start(sandbox.bundle().runs("sleep", "1000"));
        Path pid = Path.of("/proc/" + jrun.state(first).get("pid").asLong() + "/ns/pid");
        String second = start(delegating("init").joining("pid", pid));

        assertEquals("/" + second + "/init", cgroupOfInit(second));
        assertEquals(List.of("0::/init"), inside(second, "grep ^0 /proc/self/cgroup"));
    }

    @Test
    void whatIsExecutedFollowsAnInitThatHasRemovedIt() throws IOException {
        String id = start(delegating("init")
                .runsScript(
                        "cd /sys/fs/cgroup; mkdir other; echo 1 > other/cgroup.procs; rmdir init; exec sleep 1000"));
        Eventually.isEqual("where init is", "/" + id + "/other", () -> {
            try {
                return cgroupOfInit(id);
            } catch (IOException e) {
                return e.toString();
            }
        });
        Eventually.isEqual(
                "the delegated cgroup", false, () -> Files.exists(directory(id).resolve("init")));

        assertEquals(List.of("0::/other"), inside(id, "grep ^0 /proc/self/cgroup"));
    }

    /** Whoever names a cgroup means one below the container's own. */
    @Test
    void anotherCanBeAskedForByExec() {
        String id = start(delegating("init"));
        inside(id, "mkdir /sys/fs/cgroup/other");

        assertEquals(
                List.of("0::/other"),
                jrun.call("exec", "--cgroup", "/other", id, "grep", "^0", "/proc/self/cgroup")
                        .succeeds()
                        .lines());
    }

    @Test
    void itIsPausedAsAWhole() throws IOException {
        String id = start(delegating("init"));

        jrun.call("pause", id).succeeds();
        assertEquals(
                "1", Files.readString(directory(id).resolve("cgroup.freeze")).strip());
        assertEquals(
                "0",
                Files.readString(directory(id).resolve("init/cgroup.freeze")).strip());
        assertEquals("paused", jrun.state(id).get("status").asText());
        jrun.call("resume", id).succeeds();
    }

    @Test
    void limitsAreThoseOfTheContainersOwn() throws IOException {
        Path pids = view().unified().resolve("cgroup.controllers");
        Programs.skipUnless(words(pids).contains("pids"), "cgroup v2 has no controller pids here");
        String id = start(delegating("init").withResources("{\"pids\": {\"limit\": 50}}"));

        assertEquals("50", Files.readString(directory(id).resolve("pids.max")).strip());
        assertEquals(
                "max", Files.readString(directory(id).resolve("init/pids.max")).strip());
        jrun.call("update", "--pids-limit", "60", id).succeeds();
        assertEquals("60", Files.readString(directory(id).resolve("pids.max")).strip());
        assertEquals(
                "max", Files.readString(directory(id).resolve("init/pids.max")).strip());
    }

    @Test
    void aContainerInTheForegroundLeavesNone() {
        String id = sandbox.newId();
        Bundle bundle =
                delegating("init").with("/linux/cgroupsPath", "\"/" + id + '"').runs("true");

        jrun.call("run", "--bundle", bundle.path(), id).succeeds();
        assertTrue(Files.notExists(directory(id)));
        jrun.call("run", "--bundle", bundle.runs("/nosuch").path(), id).failsWith("/nosuch");
        assertTrue(Files.notExists(directory(id)));
    }

    @Test
    void whatIsNoNameOfACgroupIsAnError() {
        String id = sandbox.newId();
        Bundle bundle = delegating("cgroup.procs").with("/linux/cgroupsPath", "\"/" + id + '"');

        jrun.call("run", "--bundle", bundle.path(), id)
                .failsWith("config.json#/annotations/" + ANNOTATION + ": make cgroup ", "/cgroup.procs: file exists");
        assertTrue(Files.notExists(directory(id)));
    }

    @Test
    void oneThatWasThereBeforeDelegatesNothing() {
        String id = sandbox.newId();
        Bundle bundle = delegating("init").with("/linux/cgroupsPath", "\"/" + id + '"');
        try (ForeignCgroup _ = ForeignCgroup.at(view().hierarchies(), "/" + id).make()) {

            jrun.call("run", "--bundle", bundle.path(), id)
                    .failsWith("config.json#/annotations/" + ANNOTATION + ": the cgroup exists already");
            assertTrue(Files.exists(directory(id)));
            assertTrue(Files.notExists(directory(id).resolve("init")));
        }
    }
}
