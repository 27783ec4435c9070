// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.cgroup.DelegatedCgroupIT;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Annotations that change what a runtime does. */
class AnnotationsIT extends RealContainers {

    private static final String HOOK =
            "[{\"path\": \"/bin/busybox\", \"args\": [\"sh\", \"-c\", \"echo said; echo wrong >&2\"]}]";

    private Execution run(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId());
    }

    private Execution runAllowing(String key, Bundle bundle) {
        return jrun.call("--allow-annotation", key, "run", "--bundle", bundle.path(), sandbox.newId());
    }

    private Bundle writingTo(Path output, Path errors) {
        String inside = HOOK.replace("/bin/busybox", "/bin/sh");
        return sandbox.bundle()
                .with(
                        "/annotations",
                        "{\"run.oci.hooks.stdout\": \"" + output + "\", \"run.oci.hooks.stderr\": \"" + errors + "\"}")
                .with(
                        "/hooks",
                        "{\"createRuntime\": " + HOOK + ", \"createContainer\": " + HOOK + ", \"startContainer\": "
                                + inside + ", \"poststart\": " + HOOK + ", \"poststop\": " + HOOK + "}")
                .runs("true");
    }

    @Test
    void hooksWriteToTheFilesThatTheyNameIfTheCallerLetsThem() throws IOException {
        Path output = Files.writeString(directory.resolve("output"), "before\n");
        Path errors = directory.resolve("errors");
        Bundle bundle = writingTo(output, errors);
        String id = sandbox.newId();

        jrun.call(
                        "--allow-annotation",
                        "run.oci.hooks.stdout",
                        "--allow-annotation=run.oci.hooks.stderr",
                        "create",
                        "--bundle",
                        bundle.path(),
                        id)
                .succeeds();
        jrun.call("start", id).succeeds();
        jrun.awaitStatus(id, "stopped");
        jrun.call("delete", id).succeeds();

        assertEquals("before\nsaid\nsaid\nsaid\nsaid\nsaid\n", Files.readString(output));
        assertEquals("wrong\nwrong\nwrong\nwrong\nwrong\n", Files.readString(errors));
    }

    /** Podman passes on the annotations of an image, and an engine may add a hook to every container. */
    @Test
    void anImageCannotHaveHooksWriteToTheHost() throws IOException {
        Path output = Files.writeString(directory.resolve("output"), "before\n");
        Path errors = directory.resolve("errors");
        Bundle bundle = writingTo(output, errors);
        String id = sandbox.newId();

        Execution create = jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        jrun.call("start", id).succeeds();
        jrun.awaitStatus(id, "stopped");
        jrun.call("delete", id).succeeds();

        assertEquals("before\n", Files.readString(output));
        assertFalse(Files.exists(errors));
        for (String key : List.of("run.oci.hooks.stdout", "run.oci.hooks.stderr")) {
            String warning = "jrun: warning: config.json#/annotations/" + key + ": ignored, since it may come from"
                    + " the image; to honour it, call jrun --allow-annotation " + key + "\n";
            assertTrue(create.errors().contains(warning), create::errors);
        }
    }

    @Test
    void aFileThatCannotBeOpenedIsNamed() {
        Bundle bundle = sandbox.bundle()
                .with("/annotations", "{\"run.oci.hooks.stdout\": \"/not/there\"}")
                .with("/hooks", "{\"createRuntime\": [{\"path\": \"/bin/busybox\", \"args\": [\"true\"]}]}");

        runAllowing("run.oci.hooks.stdout", bundle)
                .failsWith("config.json#/annotations/run.oci.hooks.stdout: open /not/there for what hooks write:"
                        + " no such file or directory");
    }

    /** Whoever lets the annotation have an effect does not say what it names. */
    @Test
    void hooksWriteToNothingButAFileThatIsStored() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        Path fifo = directory.resolve("fifo");
        Programs.run("mkfifo", fifo.toString()).succeeds();
        for (Path other : List.of(link, fifo, directory, Path.of("/dev/null"), Path.of("/proc/self/comm"))) {
            Bundle bundle = sandbox.bundle()
                    .with("/annotations", "{\"run.oci.hooks.stderr\": \"" + other + "\"}")
                    .with("/hooks", "{\"createRuntime\": " + HOOK + "}")
                    .runs("true");
            runAllowing("run.oci.hooks.stderr", bundle)
                    .failsWith("config.json#/annotations/run.oci.hooks.stderr: " + other
                            + ": hooks can write only to a regular file that is stored in a file system");
        }
        assertEquals("", Files.readString(file));
    }

    @Test
    void deleteDoesNotWaitForWhoReadsWhatHooksWrite() throws IOException {
        Path output = directory.resolve("output");
        Bundle bundle = sandbox.bundle()
                .with("/annotations", "{\"run.oci.hooks.stdout\": \"" + output + "\"}")
                .with("/hooks", "{\"poststop\": " + HOOK + "}")
                .runs("true");
        String id = sandbox.newId();
        jrun.call("--allow-annotation", "run.oci.hooks.stdout", "create", "--bundle", bundle.path(), id)
                .succeeds();
        Files.deleteIfExists(output);
        Programs.run("mkfifo", output.toString()).succeeds();

        Execution delete = jrun.call("delete", "--force", id).succeeds();

        assertTrue(delete.errors().contains(output + ": hooks can write only to a regular file"), delete::errors);
        assertTrue(jrun.call("state", id).errors().contains("does not exist"));
    }

    /** Podman passes on the annotations of an image: "disk" of root's groups is every disk of the host. */
    @Test
    void groupsOfTheCallerAreKeptIfTheCallerSaysSo() {
        Programs.need("setpriv");
        Bundle bundle = sandbox.bundle()
                .with("/annotations", "{\"run.oci.keep_original_groups\": \"1\"}")
                .with("/process/user", "{\"uid\": 1000, \"gid\": 1000}")
                .runsScript("grep Groups /proc/self/status");
        OciRuntime member = jrun.behind("setpriv", "--groups=4242,4343");
        String[] run = {"run", "--bundle", bundle.path(), sandbox.newId()};

        Execution without = member.call(run).succeeds();
        assertEquals("Groups:\t \n", without.output());
        assertTrue(without.errors().contains("#/annotations/run.oci.keep_original_groups: ignored"));

        Execution with = member.call(
                        "--allow-annotation=run.oci.keep_original_groups",
                        "run",
                        "--bundle",
                        bundle.path(),
                        sandbox.newId())
                .succeeds();
        assertEquals("Groups:\t4242 4343 \n", with.output());
        assertEquals("", with.errors());
    }

    @Test
    void unknownSystemCallsAreProblemsIfTheyAreToBe() {
        Bundle bundle = sandbox.bundle().with("/linux/seccomp", """
                        {"defaultAction": "SCMP_ACT_ALLOW",
                         "syscalls": [{"names": ["mkdir", "no_such_call"], "action": "SCMP_ACT_LOG"}]}""").runs("true");
        run(bundle).succeeds();

        bundle.with("/annotations", "{\"run.oci.seccomp_fail_unknown_syscall\": \"1\"}");
        run(bundle).failsWith("config.json#/linux/seccomp/syscalls/0/names/1: found \"no_such_call\"");
    }

    @Test
    void anotherKindOfContainerIsRefused() {
        Bundle bundle = sandbox.bundle().with("/annotations", "{\"run.oci.handler\": \"krun\"}");

        Execution run = run(bundle).failsWith("config.json#/annotations/run.oci.handler: not implemented");
        assertTrue(run.output().isEmpty());
    }

    /** As with crun. What a host with cgroup v2 alone does is {@link DelegatedCgroupIT}'s. */
    @Test
    void cgroupV1DelegatesNothing() {
        Programs.skipUnless(!HostView.isUnifiedOnly(), "this host has no cgroup v1");
        Bundle bundle = sandbox.bundle().with("/annotations", "{\"run.oci.delegate-cgroup\": \"init\"}");

        run(bundle).failsWith("config.json#/annotations/run.oci.delegate-cgroup: it needs a host with cgroup v2 alone");
    }
}
