// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.EmbeddedCall;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.embedded.Jrun;
import dev.jrun.cli.testing.embedded.TestHost;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** State directories that cannot be used, and states that are none. */
class StateRootIT {

    private static final String ID = "stale";

    @TempDir
    Path scratch;

    private TestHost host;
    private Path root;
    private EmbeddedCall jrun;
    private String bundle;

    @BeforeEach
    void claimHost() throws IOException {
        host = TestHost.claim(scratch);
        root = scratch.resolve("state");
        jrun = new EmbeddedCall(scratch);
        bundle = Bundle.bare(scratch.resolve("bundle"))
                .inCgroup(host.cgroupsPath("stale"))
                .runs("sleep", "1000")
                .path();
    }

    @AfterEach
    void giveHostBack() throws IOException {
        if (host != null) {
            host.close();
        }
    }

    private EmbeddedCall.Result call(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("--root", root.toString()));
        all.addAll(List.of(words));
        return jrun.make(all);
    }

    private void succeed(String... words) throws IOException {
        EmbeddedCall.Result result = call(words);
        assertEquals(0, result.code(), () -> String.join(" ", words) + ": " + result.output());
    }

    private void fail(String message, String... words) throws IOException {
        EmbeddedCall.Result result = call(words);
        assertNotEquals(0, result.code(), () -> String.join(" ", words) + ": " + result.output());
        assertTrue(result.output().contains(message), () -> String.join(" ", words) + ": " + result.output());
    }

    /** With a file system of its own, which the test may fill or write-protect. */
    private void withFileSystem(String options, Steps steps) throws Exception {
        Files.createDirectories(root);
        assertEquals(0, command("mount", "-t", "tmpfs", "-o", options, "jrun-test", root.toString()));
        try {
            steps.execute();
        } finally {
            assertEquals(0, command("umount", root.toString()));
        }
        assertEquals(Set.of(), host.lastingLeftovers(root));
    }

    private interface Steps {
        void execute() throws Exception;
    }

    private static int command(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(words).inheritIO().start().waitFor();
    }

    @Test
    void aRootThatIsAFileIsAnError() throws Exception {
        Files.writeString(root, "");
        fail(root.toString(), "create", "--bundle", bundle, ID);
        fail("does not exist", "state", ID);
        fail("does not exist", "delete", ID);
        fail(root.toString(), "list");
        Files.delete(root);
        assertEquals(Set.of(), host.lastingLeftovers(root));
    }

    /** Whoever can rename what is in there could have anything killed by root's calls. */
    @Test
    void aRootInWhichOthersCanRenameIsAnError() throws Exception {
        Files.createDirectories(root);
        Files.setAttribute(root, "unix:mode", 0777);
        fail("everybody may write to it, and it is not sticky", "create", "--bundle", bundle, ID);
        fail("everybody may write to it, and it is not sticky", "run", "--bundle", bundle, ID);
        Files.setAttribute(root, "unix:mode", 01777);
        succeed("create", "--bundle", bundle, ID);
        succeed("start", ID);
        Files.setAttribute(root, "unix:mode", 0777);
        fail("everybody may write to it, and it is not sticky", "delete", "--force", ID);
        succeed("state", ID);
        Files.setAttribute(root, "unix:mode", 01777);
        succeed("delete", "--force", ID);
        assertEquals(Set.of(), host.lastingLeftovers(root));
    }

    @Test
    void aReadOnlyRootIsAnError() throws Exception {
        withFileSystem("ro", () -> {
            fail("read-only file system", "create", "--bundle", bundle, ID);
            fail("read-only file system", "run", "--bundle", bundle, ID);
            fail("does not exist", "state", ID);
            succeed("list");
        });
    }

    @Test
    void aFullRootIsAnError() throws Exception {
        withFileSystem("size=16k", () -> {
            Path filler = root.resolve("filler");
            fill(filler);
            fail("no space left on device", "create", "--bundle", bundle, ID);
            fail("no space left on device", "run", "--bundle", bundle, ID);
            assertFalse(Files.exists(root.resolve(ID)));
            Files.delete(filler);
            succeed("create", "--bundle", bundle, ID);
            fill(filler);
            succeed("start", ID);
            succeed("delete", "--force", ID);
        });
    }

    /** A root that becomes full while a container is being made. */
    @Test
    void aRootWithRoomForTheFirstStateOnlyIsAnError() throws Exception {
        withFileSystem("size=4k", () -> {
            EmbeddedCall.Result result = call("create", "--bundle", bundle, ID);
            boolean left = Files.exists(root.resolve(ID));
            succeed("delete", "--force", ID);
            assertNotEquals(0, result.code());
            assertTrue(result.output().contains("no space left on device"), result.output());
            assertFalse(left);
        });
    }

    private static void fill(Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException full) {
            assertTrue(full.getMessage().contains("No space left"), full.getMessage());
        }
    }

    private Path abandoned(String mode) throws IOException {
        Path directory = Files.createDirectories(root.resolve(ID));
        return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
    }

    @Test
    void aDirectoryWithoutAStateIsTakenOver() throws Exception {
        abandoned("rwx------");
        fail("does not exist", "state", ID);
        fail("does not exist", "start", ID);
        succeed("list");
        succeed("create", "--bundle", bundle, ID);
        succeed("delete", ID);
        abandoned("rwx------");
        succeed("delete", ID);
        assertEquals(Set.of(), host.lastingLeftovers(root));
    }

    @Test
    void aDirectoryThatJrunDoesNotMakeIsLeft() throws Exception {
        Path somebodys = abandoned("rwxr-xr-x");
        String reason = "is not the state directory of a container: its mode is not 0700";
        fail(reason, "create", "--bundle", bundle, ID);
        fail(reason, "delete", ID);
        fail(reason, "delete", "--force", ID);
        assertTrue(Files.exists(somebodys));
    }

    /** Anybody can make them where the root is shared. */
    @Test
    void namesInTheRootDoNotReachTheTerminal() throws Exception {
        abandoned("rwx------");
        Path planted = Files.createDirectory(root.resolve("\u001b[2Jno id"));
        Files.writeString(planted.resolve("state.json"), "{");
        Files.writeString(
                root.resolve(ID).resolve("state.json"),
                "{\"id\":\"stale\",\"bundle\":\"/\",\"rootfs\":\"/\",\"created\":\"\\u001b[2J\"}");
        EmbeddedCall.Result result = call("list");
        assertEquals(0, result.code(), result::output);
        assertTrue(result.output().contains("warning: cannot read the state of container stale"), result::output);
        assertTrue(!result.output().contains("\u001b"), result::output);
        assertTrue(!result.output().contains("no id"), result::output);
    }

    @Test
    void whatIsLeftOfAStateCanBeDeletedByForce() throws Exception {
        for (String text : List.of("", "{\"ociVersion\":\"1.2.0\",\"id\":\"sta", "\0\0\0")) {
            Files.writeString(abandoned("rwx------").resolve("state.json"), text);
            for (String command : List.of("state", "start", "kill", "delete")) {
                fail("cannot read the state of container stale", command, ID);
            }
            fail("cannot read the state of container stale", "create", "--bundle", bundle, ID);
            succeed("delete", "--force", ID);
            assertEquals(Set.of(), host.lastingLeftovers(root));
        }
    }

    /** As where runc had this root before, and its containers run. */
    @Test
    void theStateOfAnotherRuntimeStays() throws Exception {
        for (String text : List.of("{", "[]", "{\"id\":\"stale\",\"init_process_pid\":1}", "{\"ociVersion\":\"9\"}")) {
            Path directory = abandoned("rwx------");
            Path state = Files.writeString(directory.resolve("state.json"), text);
            fail("remove " + directory + " by hand", "create", "--bundle", bundle, ID);
            fail("remove " + directory + " by hand", "delete", ID);
            fail("remove " + directory + " by hand", "delete", "--force", ID);
            assertEquals(text, Files.readString(state));
        }
    }

    /** A container in the foreground, under a root to which something happens while it runs. */
    private Jrun.Result run(Steps meanwhile) throws Exception {
        var distribution = new Jrun(root, scratch);
        Jrun.Running run = distribution.start("run", "--bundle", bundle, ID);
        Eventually.isTrue("the container runs", () -> status(distribution).contains("\"running\""));
        long init = OciRuntime.json(distribution.call("state", ID).output())
                .get("pid")
                .asLong();
        meanwhile.execute();
        ProcessHandle.of(init).orElseThrow().destroyForcibly();
        return run.await();
    }

    private static String status(Jrun jrun) {
        try {
            return jrun.call("state", ID).output();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private int protect() {
        return Execution.of(new ProcessBuilder("mount", "-o", "remount,ro", "none", root.toString()))
                .code();
    }

    @Test
    void aRunWhoseRootTurnsReadOnlyEndsAsItsContainer() throws Exception {
        withFileSystem("size=1m", () -> {
            Jrun.Result result =
                    run(() -> Eventually.isEqual("mount read-only, when no lock is held", 0, this::protect));
            assertEquals(137, result.code(), result::output);
            assertTrue(result.output().contains("warning: cannot lock container stale"), result::output);
            assertTrue(result.output().contains("read-only file system"), result::output);
            assertEquals(Set.of(), host.cgroupsLeft());
            assertEquals(0, command("mount", "-o", "remount,rw", "none", root.toString()));
            succeed("delete", ID);
        });
    }

    @Test
    void aRunWhoseRootIsMovedAwayEndsAsItsContainer() throws Exception {
        Path moved = scratch.resolve("moved");
        Jrun.Result result = run(() -> Files.move(root, moved));
        assertEquals(137, result.code(), result::output);
        assertTrue(result.output().contains("no such file or directory"), result::output);
        Files.move(moved, root);
        assertEquals(Set.of(), host.cgroupsLeft());
        succeed("delete", ID);
        assertEquals(Set.of(), host.lastingLeftovers(root));
    }

    @Test
    void aRunWhoseStateIsRemovedByHandEndsAsItsContainer() throws Exception {
        Jrun.Result result = run(() -> {
            assertEquals(0, command("rm", "-r", root.resolve(ID).toString()));
        });
        assertEquals(137, result.code(), result::output);
        assertEquals(Set.of(), host.lastingLeftovers(root));
    }
}
