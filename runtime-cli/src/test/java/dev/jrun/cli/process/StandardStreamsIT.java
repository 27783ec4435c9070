// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A container's standard streams are its caller's, and it may open them by their names in /dev, whoever it is. */
class StandardStreamsIT extends RealContainers {

    /** Without CAP_DAC_OVERRIDE, as in the default configuration, root as well has to own what it opens. */
    private static final String OPENS = "stat -L -c '%u' /dev/stdout; echo out >> /dev/stdout; echo err >> /dev/stderr";

    private static Bundle of(Bundle bundle, long uid) {
        return bundle.with("/process/user", "{\"uid\": %d, \"gid\": %d}".formatted(uid, uid))
                .with("/process/capabilities/ambient", "[]")
                .runsScript(OPENS);
    }

    /** A caller whose standard output and error are pipes of another user. */
    private OciRuntime withPipesOfAnother() {
        return jrun.behind("sh", "-c", "chown 4242 /proc/self/fd/1 /proc/self/fd/2; exec \"$@\"", "sh");
    }

    /** A caller whose standard output and error are pipes. */
    private OciRuntime withPipes() {
        return jrun.behind("sh", "-c", "{ \"$@\" 2>&3 | cat; } 3>&1", "sh");
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1000, false", "0, true", "1000, true"})
    void aFileMayBeOpened(long uid, boolean inUserNamespace) throws IOException {
        Bundle bundle = of(inUserNamespace ? sandbox.bundle().inUserNamespace() : sandbox.bundle(), uid);

        Execution run = jrun.call("run", "--bundle", bundle.path(), sandbox.newId());

        assertEquals(uid + "\nout\n", run.succeeds().output());
        assertEquals("err\n", run.errors());
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1000, false", "0, true", "1000, true"})
    void aPipeMayBeOpened(long uid, boolean inUserNamespace) {
        Bundle bundle = of(inUserNamespace ? sandbox.bundle().inUserNamespace() : sandbox.bundle(), uid)
                .runsScript("stat -L -c '%u' /dev/stdout; echo out > /dev/stdout");

        assertEquals(
                uid + "\nout\n",
                withPipes()
                        .call("run", "--bundle", bundle.path(), sandbox.newId())
                        .succeeds()
                        .output());
    }

    @Test
    void rootMayOpenWhatIsAnotherUsers() {
        Bundle bundle = of(sandbox.bundle(), 0);

        Execution run = withPipesOfAnother().call("run", "--bundle", bundle.path(), sandbox.newId());

        assertEquals("0\nout\n", run.succeeds().output());
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1000, false", "0, true", "1000, true"})
    void whatIsCreatedAndStartedMayOpenThem(long uid, boolean inUserNamespace) throws IOException {
        Bundle bundle = of(inUserNamespace ? sandbox.bundle().inUserNamespace() : sandbox.bundle(), uid);
        String id = sandbox.newId();
        Path output = directory.resolve("output");

        jrun.behind("sh", "-c", "exec \"$@\" > %s 2>&1".formatted(output), "sh")
                .call("create", "--bundle", bundle.path(), id)
                .succeeds();
        jrun.call("start", id).succeeds();
        jrun.awaitStatus(id, "stopped");

        assertEquals(uid + "\nout\nerr\n", Files.readString(output));
        assertEquals((int) (uid + (inUserNamespace ? Bundle.FIRST_ID : 0)), Files.getAttribute(output, "unix:uid"));
        jrun.call("delete", id).succeeds();
    }

    /** Whose ids are mapped only the kernel says. */
    @Test
    void inAUserNamespaceThatIsJoinedTheyMayBeOpened() {
        try (Unshared other = Unshared.open("--user").mapped()) {
            Bundle bundle = of(sandbox.bundle().joining("user", other.file("user")), 1000);

            Execution run = jrun.call("run", "--bundle", bundle.path(), sandbox.newId());

            assertEquals("1000\nout\n", run.succeeds().output());
        }
    }

    @ParameterizedTest
    @CsvSource({"/dev/zero, false", "/dev/null, false", "/dev/zero, true", "/dev/null, true"})
    void theHostsDevicesStayTheHosts(Path device, boolean inUserNamespace) throws IOException {
        Object before = Files.getAttribute(device, "unix:uid");
        Bundle bundle = of(inUserNamespace ? sandbox.bundle().inUserNamespace() : sandbox.bundle(), 61234)
                .runs("true");

        jrun.start(device, "run", "--bundle", bundle.path(), sandbox.newId())
                .await()
                .succeeds();

        assertEquals(before, Files.getAttribute(device, "unix:uid"));
    }

    /** Its owner may change its mode and write it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFileThatMayOnlyBeReadStaysItsOwners(boolean inUserNamespace) throws IOException {
        Path input = Files.writeString(directory.resolve("input"), "in\n");
        Files.setPosixFilePermissions(input, PosixFilePermissions.fromString("r--r--r--"));
        Bundle bundle = of(inUserNamespace ? sandbox.bundle().inUserNamespace() : sandbox.bundle(), 1000)
                .runsScript("cat; chmod 600 /dev/stdin || cat /dev/stdin");

        Execution run = jrun.start(input, "run", "--bundle", bundle.path(), sandbox.newId())
                .await();

        assertEquals("in\nin\n", run.succeeds().output());
        assertEquals(0, Files.getAttribute(input, "unix:uid"));
        assertEquals("r--r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(input)));
    }

    @Test
    void theCallersTerminalStaysItsOwn() {
        Programs.need("script");
        Bundle bundle = of(sandbox.bundle(), 1000).runs("true");
        String call = String.join(" ", jrun.words("run", "--bundle", bundle.path(), sandbox.newId()));

        Execution owner = Programs.run(
                "script", "--quiet", "--return", "--command", call + "; stat -L -c %u /proc/self/fd/0", "/dev/null");

        assertEquals(List.of("0"), owner.lines());
    }

    @ParameterizedTest
    @CsvSource({"0, input", "1, output", "2, error"})
    void aDirectoryIsRefused(int descriptor, String stream) throws IOException {
        Bundle bundle = sandbox.bundle();
        Path log = bundle.directory().resolve("log");
        for (String command : List.of("create", "run")) {
            String id = sandbox.newId();
            String call = String.join(" ", jrun.words("--log", log.toString(), command, "--bundle", bundle.path(), id));
            Execution run = Execution.of(new ProcessBuilder("sh", "-c", call + " " + descriptor + "</"));
            assertEquals(1, run.code(), run::toString);
            String said = Files.readString(log);
            assertTrue(
                    said.contains("standard " + stream + ", which the container would inherit: is a directory"), said);
            Files.delete(log);
        }
        sandbox.assertNothingIsLeft();
    }

    @Test
    void whatIsOnlyAPlaceIsRefused() {
        Programs.need("python3");
        Bundle bundle = sandbox.bundle();
        String call =
                "import os, sys; os.dup2(os.open('/etc/passwd', os.O_PATH), 0); os.execv(sys.argv[1], sys.argv[1:])";

        jrun.behind("python3", "-c", call)
                .call("run", "--bundle", bundle.path(), sandbox.newId())
                .failsWith("standard input, which the container would inherit: bad file descriptor");
    }

    /** Whatever else is a standard stream stays one. */
    @Test
    void othersArePassedOn() {
        Bundle bundle = sandbox.bundle().runsScript("exit 0");
        for (String input :
                List.of("</dev/null", "</dev/zero", "<" + bundle.directory().resolve("config.json"), "<&-")) {
            String call = String.join(" ", jrun.words("run", "--bundle", bundle.path(), sandbox.newId()));
            assertEquals(0, Programs.run("sh", "-c", call + " " + input).code(), input);
        }
    }
}
