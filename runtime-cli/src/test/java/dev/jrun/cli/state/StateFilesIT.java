// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.kernel.LockOffset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What other users, and callers that come at the wrong moment, can do by the files that a container has on its host:
 * nothing.
 */
class StateFilesIT extends RealContainers {

    private static final int GROUP_AND_OTHERS = 077;

    private Bundle sleeping() {
        return sandbox.bundle().runs("sleep", "1000");
    }

    private String created() {
        String id = sandbox.newId();
        jrun.call("create", "--bundle", sleeping().path(), id).succeeds();
        return id;
    }

    /** A call from a shell: what comes before the call, and perhaps words with bytes that no Java string has. */
    private Execution shell(String script, String... arguments) {
        return jrun.behind("sh", "-c", script + "; exec \"$@\"", "sh").call(arguments);
    }

    private static int mode(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    }

    @Test
    void othersMayUseNothingThatIsKeptOfAContainer() throws IOException {
        String id = sandbox.newId();
        shell("umask 0", "create", "--bundle", sleeping().path(), id).succeeds();
        try (Stream<Path> files = Files.walk(jrun.root())) {
            for (Path file : files.toList()) {
                assertEquals(0, mode(file) & GROUP_AND_OTHERS, () -> file + " can be used by others");
            }
        }
        assertTrue(Files.exists(jrun.root().resolve(id).resolve("init.sock"), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void aSilentConnectionKeepsNoContainerFromStarting() throws IOException {
        String id = created();
        // The path of a socket is short.
        Path state =
                Files.createSymbolicLink(directory.resolve("s"), jrun.root().resolve(id));
        try (SocketChannel silent = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.connect(UnixDomainSocketAddress.of(state.resolve("init.sock")));
            jrun.call("start", id).succeeds();
        }
        assertEquals("running", jrun.status(id));
    }

    @Test
    void aStateThatSomebodyElsePutThereIsRefused() throws IOException {
        String id = created();
        String planted = sandbox.newId();
        Path directory = Files.createDirectory(jrun.root().resolve(planted));
        Path file = Files.writeString(
                directory.resolve("state.json"),
                Files.readString(jrun.root().resolve(id).resolve("state.json")).replace(id, planted));
        Files.setAttribute(file, "unix:uid", 1000);
        Files.setAttribute(directory, "unix:uid", 1000);
        for (List<String> use : List.of(
                List.of("state", planted), List.of("kill", planted, "9"), List.of("delete", "--force", planted))) {
            jrun.call(use.toArray(String[]::new)).failsWith("it belongs to user 1000, not to the caller, user 0");
        }
        Files.setAttribute(directory, "unix:uid", 0);
        jrun.call("delete", "--force", planted).failsWith("it belongs to user 1000, not to the caller, user 0");
        assertEquals("created", jrun.status(id));
        Files.delete(file);
        Files.delete(directory);
    }

    @Test
    void noLinkLeadsThePidFileElsewhere() throws IOException {
        Path target = Files.writeString(directory.resolve("target"), "precious");
        Path file = directory.resolve("c.id");
        Files.createSymbolicLink(directory.resolve(".c.id"), target);
        String id = sandbox.newId();
        jrun.call(
                        "create",
                        "--pid-file",
                        file.toString(),
                        "--bundle",
                        sleeping().path(),
                        id)
                .succeeds();
        assertEquals(jrun.state(id).get("pid").asText(), Files.readString(file));
        String other = sandbox.newId();
        shell(
                        "ln -s " + target + " " + directory + "/.jrun-pid-$$",
                        "create",
                        "--pid-file",
                        file.toString(),
                        "--bundle",
                        sleeping().path(),
                        other)
                .succeeds();
        assertEquals("precious", Files.readString(target));
        assertEquals(jrun.state(other).get("pid").asText(), Files.readString(file));
    }

    /** Of a shim that was killed, and had the pid that another one has. */
    @Test
    void aPidFileThatWasLeftUnfinishedStaysAndIsInNobodysWay() throws IOException {
        Path file = directory.resolve("c.id");
        String id = sandbox.newId();
        String touch = "echo left > " + directory + "/.jrun-pid-$$";
        Supplier<Execution> create = () -> shell(
                touch,
                "create",
                "--pid-file",
                file.toString(),
                "--bundle",
                sleeping().path(),
                id);
        create.get().succeeds();
        assertEquals(jrun.state(id).get("pid").asText(), Files.readString(file));
        create.get().failsWith("exists");
        try (Stream<Path> left = Files.list(directory)) {
            List<Path> unfinished = left.filter(
                            other -> other.getFileName().toString().startsWith(".jrun-pid"))
                    .toList();
            assertEquals(2, unfinished.size());
            for (Path one : unfinished) {
                assertEquals("left\n", Files.readString(one));
                Files.delete(one);
            }
        }
    }

    /** Where the caller has no id, the kernel shows the files of all users as those of the same. */
    @Test
    void whoHasNoIdInHisUserNamespaceTakesNobodysStateForHisOwn() throws IOException {
        Programs.need("unshare");
        Path root = Files.createDirectory(jrun.root());
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path planted = Files.createDirectory(root.resolve("planted"));
        Files.setPosixFilePermissions(planted, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(planted, "unix:uid", 2000);
        try {
            OciRuntime nobody = jrun.behind("unshare", "--user");
            nobody.call("state", "planted").failsWith("its owner cannot be determined");
            nobody.call("kill", "planted", "KILL").failsWith("its owner cannot be determined");
            nobody.call("delete", "--force", "planted").failsWith("its owner cannot be determined");
            assertTrue(Files.exists(planted));
        } finally {
            Files.delete(planted);
        }
    }

    @Test
    void aContainerThatCannotBeMadeLeavesThePidFileThatWasThere() throws IOException {
        Path file = Files.writeString(directory.resolve("c.id"), "1234");
        Bundle bundle = sleeping()
                .with("/mounts/-", "{\"destination\": \"/mnt\", \"type\": \"nosuchfs\", \"source\": \"none\"}");
        jrun.call("create", "--pid-file", file.toString(), "--bundle", bundle.path(), sandbox.newId())
                .failsWith("nosuchfs");
        assertEquals("1234", Files.readString(file));
    }

    @Test
    void aContainerWhoseProgramCannotRunLeavesThePidFileThatWasThere() throws IOException {
        Path file = directory.resolve("c.id");
        String id = sandbox.newId();
        jrun.call(
                        "run",
                        "--detach",
                        "--pid-file",
                        file.toString(),
                        "--bundle",
                        sleeping().path(),
                        id)
                .succeeds();
        String pid = jrun.state(id).get("pid").asText();
        assertEquals(pid, Files.readString(file));

        Bundle garbage =
                sleeping().file("garbage", "rwxr-xr-x", "\0 is no program").runs("/garbage");
        for (String how : List.of("--detach", "--keep")) {
            jrun.call("run", how, "--pid-file", file.toString(), "--bundle", garbage.path(), sandbox.newId())
                    .failsWith("exec format error");
        }

        assertEquals(pid, Files.readString(file));
        try (Stream<Path> left = Files.list(directory)) {
            assertTrue(left.noneMatch(other -> other.getFileName().toString().startsWith(".jrun-pid")));
        }
    }

    /** Who has the lock file open, but for this process. */
    private long waiting() {
        String lock = jrun.root().resolve(".lock").toString();
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> hasOpen(process.pid(), lock))
                .count();
    }

    private static boolean hasOpen(long pid, String file) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return descriptors.anyMatch(descriptor -> leadsTo(descriptor, file));
        } catch (IOException | UncheckedIOException ended) {
            return false;
        }
    }

    private static boolean leadsTo(Path descriptor, String file) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals(file);
        } catch (IOException closed) {
            return false;
        }
    }

    @Test
    void whatACallerThatWasKilledWantedIsNotDoneLater() throws Exception {
        String id = created();
        try (FileChannel locks = FileChannel.open(jrun.root().resolve(".lock"), StandardOpenOption.WRITE);
                var _ = locks.lock(LockOffset.of(id), 1, false)) {
            Execution.Started deletion = jrun.start(Path.of("/dev/null"), "delete", "--force", id);
            Eventually.isEqual("waiting for the lock", 1L, this::waiting);
            deletion.process().destroyForcibly().waitFor();
            Eventually.isEqual("waiting for the lock", 0L, this::waiting);
        }
        assertEquals("created", jrun.status(id));
    }

    @Test
    void aForcedDeletionEndsACreationThatHangs() {
        Bundle bundle = sleeping()
                .with(
                        "/hooks",
                        "{\"createRuntime\": [{\"path\": \"/bin/busybox\", \"args\": [\"busybox\", \"sleep\", \"1000\"]}]}");
        String id = sandbox.newId();
        Execution.Started creation = jrun.start(Path.of("/dev/null"), "create", "--bundle", bundle.path(), id);
        Eventually.isTrue(
                "the container is being created", () -> jrun.call("state", id).code() == 0);
        assertEquals("creating", jrun.status(id));
        jrun.call("delete", "--force", id).succeeds();
        assertNotEquals(0, creation.await().code());
        sandbox.assertNothingIsLeft();
    }

    /** Two names that differ there were one. */
    @Test
    void namesThatAreNotUtf8AreRefusedAndNotMixedUp() throws IOException {
        String id = created();
        jrun.behind("sh", "-c", "\"$1\" --root \"$(printf '" + directory + "/\\377')\" list", "sh")
                .call()
                .failsWith("the argument is not UTF-8: \"" + directory + "/\\udcff\"");
        String elsewhere = "cd " + directory + " && mkdir -p \"$(printf '\\376')\" && cd \"$(printf '\\376')\"";
        shell(elsewhere, "state", id).succeeds();
        shell(elsewhere, "create", "--bundle", ".", sandbox.newId()).failsWith("config.json");
        jrun.behind("sh", "-c", elsewhere + "; exec \"$1\" --root state list", "sh")
                .call()
                .failsWith("the current directory is not UTF-8");
        shell(elsewhere + " && ln -sf " + sleeping().path() + "/* .", "create", "--bundle", ".", sandbox.newId())
                .failsWith("the path of the bundle is not UTF-8");
        assertFalse(Files.exists(directory.resolve("\uFFFD")));
    }
}
