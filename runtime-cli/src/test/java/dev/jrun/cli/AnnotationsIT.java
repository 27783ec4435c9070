// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Syscall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Annotations that change what a runtime does. */
class AnnotationsIT extends RealContainers {

    private Execution run(Bundle bundle) {
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId());
    }

    @Test
    void hooksWriteToTheFilesThatTheyName() throws IOException {
        Path output = Files.writeString(directory.resolve("output"), "before\n");
        Path errors = directory.resolve("errors");
        String hook = "[{\"path\": \"/bin/busybox\", \"args\": [\"sh\", \"-c\", \"echo said; echo wrong >&2\"]}]";
        String inside = hook.replace("/bin/busybox", "/bin/sh");
        Bundle bundle = sandbox.bundle()
                .with(
                        "/annotations",
                        "{\"run.oci.hooks.stdout\": \"" + output + "\", \"run.oci.hooks.stderr\": \"" + errors + "\"}")
                .with(
                        "/hooks",
                        "{\"createRuntime\": " + hook + ", \"createContainer\": " + hook + ", \"startContainer\": "
                                + inside + ", \"poststop\": " + hook + "}")
                .runs("true");

        run(bundle).succeeds();

        assertEquals("before\nsaid\nsaid\nsaid\nsaid\n", Files.readString(output));
        assertEquals("wrong\nwrong\nwrong\nwrong\n", Files.readString(errors));
    }

    @Test
    void aFileThatCannotBeOpenedIsNamed() {
        Bundle bundle = sandbox.bundle()
                .with("/annotations", "{\"run.oci.hooks.stdout\": \"/not/there\"}")
                .with("/hooks", "{\"createRuntime\": [{\"path\": \"/bin/busybox\", \"args\": [\"true\"]}]}");

        run(bundle).failsWith("config.json#/annotations: run.oci.hooks.stdout=/not/there: no such file or directory");
    }

    /** It is opened before there is an init. */
    @Test
    void aCallThatWaitsForAReaderOfItsHooksIsEndedByASignal() throws Exception {
        Path fifo = directory.resolve("fifo");
        Programs.run("mkfifo", fifo.toString()).succeeds();
        String id = sandbox.newId();
        Bundle bundle = sandbox.bundle()
                .with("/annotations", "{\"run.oci.hooks.stdout\": \"" + fifo + "\"}")
                .with("/hooks", "{\"createRuntime\": [{\"path\": \"/bin/busybox\", \"args\": [\"true\"]}]}")
                .runs("true");
        Process call = new ProcessBuilder(jrun.words("run", "--bundle", bundle.path(), id)).start();
        try {
            Path doing = Path.of("/proc/" + call.pid() + "/syscall");
            String open = Syscall.OPENAT.number(Machine.host()) + " ";
            Eventually.isTrue("it blocks", () -> read(doing).startsWith(open));
            call.destroy();
            assertTrue(call.waitFor(10, TimeUnit.SECONDS), "it does not end");
        } finally {
            call.destroyForcibly();
        }
        Eventually.isTrue(
                "it is taken back", () -> jrun.call("state", id).errors().contains("does not exist"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void groupsOfTheCallerAreKept() {
        Programs.need("setpriv");
        Bundle bundle = sandbox.bundle()
                .with("/annotations", "{\"run.oci.keep_original_groups\": \"1\"}")
                .with("/process/user", "{\"uid\": 1000, \"gid\": 1000}")
                .runsScript("grep Groups /proc/self/status");
        var prefixed =
                new OciRuntime(jrun.name(), List.of("setpriv", "--groups=4242,4343"), jrun.program(), jrun.root());

        Execution run =
                prefixed.call("run", "--bundle", bundle.path(), sandbox.newId()).succeeds();
        assertEquals("Groups:\t4242 4343 \n", run.output());

        bundle.with("/annotations", "{}");
        assertEquals(
                "Groups:\t \n",
                prefixed.call("run", "--bundle", bundle.path(), sandbox.newId()).output());
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
}
