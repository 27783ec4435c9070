// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * {@code --cgroup-manager disabled}: root's containers that stay in their caller's cgroups; beside crun, which has it
 * for Podman.
 */
class DisabledCgroupsIT extends RealContainers {

    private static final String OPTION = "--cgroup-manager=disabled";

    /** Sees the caller's cgroups as they are. */
    private Bundle bundle(String... program) {
        return sandbox.bundle()
                .withoutNamespace("cgroup")
                .with("/ociVersion", "\"1.0.2\"")
                .with("/linux/resources", "{}")
                .runs(program);
    }

    private String callers() {
        List<String> words = new ArrayList<>(view().prefix());
        words.addAll(List.of("cat", "/proc/self/cgroup"));
        return Programs.run(words).output();
    }

    private Execution run(OciRuntime runtime, Bundle bundle) {
        return runtime.call(OPTION, "run", "--bundle", bundle.path(), sandbox.newId());
    }

    /** With what it takes to make device files. */
    private static Bundle makingDevices(Bundle bundle) {
        for (String set : List.of("bounding", "effective", "permitted")) {
            bundle.with("/process/capabilities/" + set, "[\"CAP_MKNOD\"]");
        }
        return bundle;
    }

    @Test
    void itStaysWhereItsCallerIsWhateverTheDocumentSays() {
        Bundle bundle = bundle("cat", "/proc/self/cgroup")
                .with("/linux/cgroupsPath", "\"/" + sandbox.newId() + "\"")
                .with("/linux/resources", "{\"devices\": [{\"allow\": false, \"access\": \"rwm\"}]}");

        Execution run = run(jrun, bundle).succeeds();

        assertEquals(callers(), run.output());
        assertEquals("", run.errors());
        sandbox.assertNothingIsLeft();
    }

    /** crun makes no containers where there are both versions of cgroups. */
    @Test
    void soDoesCruns() {
        try (HostView view = HostView.isUnifiedOnly() ? new HostView.AsIs() : HostView.UnifiedOnly.open()) {
            OciRuntime installed = sandbox.installed("crun").orElse(null);
            Programs.skipUnless(installed != null, "crun is not installed");
            OciRuntime crun = new OciRuntime("crun", view.prefix(), installed.program(), installed.root());
            Bundle bundle = makingDevices(
                            bundle("sh", "-c", "cat /proc/self/cgroup; mknod /dev/shm/x b 7 0 && echo made"))
                    .with("/linux/resources", "{\"devices\": [{\"allow\": false, \"access\": \"rwm\"}]}");
            OciRuntime ours = new OciRuntime("jrun", view.prefix(), jrun.program(), jrun.root());

            String expected = run(crun, bundle).succeeds().output();

            assertTrue(expected.endsWith("made\n"), expected);
            assertEquals(expected, run(ours, bundle).succeeds().output());
        }
    }

    /** Nobody would keep them. */
    @Test
    void limitsAreRefused() {
        for (String limit : List.of("{\"pids\": {\"limit\": 10}}", "{\"memory\": {\"limit\": 100000000}}")) {
            run(jrun, bundle("true").with("/linux/resources", limit))
                    .failsWith("config.json#/linux/resources/", "--cgroup-manager disabled");
        }
        sandbox.assertNothingIsLeft();
    }

    /** The option is for its making: later calls do not have it. */
    @Test
    void itLivesThroughAllItsStates() {
        String id = sandbox.newId();
        jrun.call(OPTION, "create", "--bundle", bundle("sleep", "1000").path(), id)
                .succeeds();
        assertEquals("created", jrun.status(id));
        jrun.call("start", id).succeeds();
        assertEquals("running", jrun.status(id));
        assertEquals(
                callers(),
                jrun.call("exec", id, "cat", "/proc/self/cgroup").succeeds().output());
        jrun.call("ps", id).failsWith("it has no cgroup of its own");
        jrun.call("kill", "--all", id, "KILL").succeeds();
        jrun.awaitStatus(id, "stopped");
        jrun.call("delete", id).succeeds();
        sandbox.assertNothingIsLeft();
    }

    /** It could end, freeze or limit others there, and its caller, who would have to be asked first. */
    @Test
    void itCannotWriteToItsCallersCgroup() {
        for (String type : List.of("cgroup", "cgroup2")) {
            for (boolean namespace : List.of(true, false)) {
                Bundle bundle = sandbox.bundle()
                        .with("/linux/resources", "{}")
                        .with(
                                "/mounts/-",
                                "{\"type\": \"" + type
                                        + "\", \"source\": \"cgroup\", \"destination\": \"/sys/fs/cgroup\","
                                        + " \"options\": [\"rw\"]}")
                        .runsScript("find /sys/fs/cgroup -maxdepth 2 -name cgroup.procs | while read file; do"
                                + " mkdir ${file%/*}/x && echo made; (echo 0 > $file) && echo entered; done; true");
                Execution run = run(jrun, namespace ? bundle : bundle.withoutNamespace("cgroup"))
                        .succeeds();

                assertEquals("", run.output());
                assertTrue(run.errors().contains("Read-only file system"), run::errors);
            }
        }
    }

    @Test
    void thereIsNoCgroupBelowItsOwn() {
        String id = sandbox.newId();
        jrun.call(OPTION, "run", "--detach", "--bundle", bundle("sleep", "1000").path(), id)
                .succeeds();
        for (String path : List.of("x", "/x", "/")) {
            Execution exec = jrun.call("exec", "--cgroup", path, id, "true");
            assertEquals(255, exec.code());
            assertTrue(exec.errors().contains("the container has no cgroup of its own"), exec::errors);
        }
        jrun.call("delete", "--force", id).succeeds();
    }

    /** {@code podman run --cgroups=disabled}, where a drop-in says that jrun can do it. */
    @Test
    void podmanAsksForIt() throws IOException {
        Programs.need("podman", "tar");
        Bundle content = sandbox.bundle();
        String archive = directory.resolve("root.tar").toString();
        Programs.run("tar", "-C", content.rootfs().toString(), "-cf", archive, ".");
        Path configuration = Files.writeString(
                directory.resolve("containers.conf"), "[engine]\nruntime_supports_nocgroup = [\"jrun\"]\n");
        podman(configuration, "import", archive, "jrun-it").succeeds();

        Execution run = podman(
                configuration,
                "run",
                "--rm",
                "--network=none",
                "--cgroups=disabled",
                "--ulimit=nofile=1024:1024",
                "--ulimit=nproc=1000:1000",
                "jrun-it",
                "cat",
                "/proc/self/cgroup");

        assertEquals(callers(), run.succeeds().output());
    }

    private Execution podman(Path configuration, String... arguments) {
        List<String> words = new ArrayList<>(List.of("env", "CONTAINERS_CONF=" + configuration, "podman"));
        words.addAll(List.of("--cgroup-manager=cgroupfs", "--events-backend=file", "--storage-driver=vfs"));
        words.addAll(List.of("--root", directory.resolve("podman").toString()));
        words.addAll(List.of("--runroot", directory.resolve("podman-run").toString()));
        words.addAll(List.of("--runtime", jrun.program().toString()));
        words.addAll(List.of(arguments));
        return Execution.of(new ProcessBuilder(words));
    }
}
