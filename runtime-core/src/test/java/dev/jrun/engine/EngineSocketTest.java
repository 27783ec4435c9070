// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.engine.peer.PeerIdentity;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineSocketTest {

    @TempDir
    Path temporary;

    private Path path;
    private PeerIdentity own;

    @BeforeEach
    void prepare() throws IOException {
        path = temporary.resolve("jrun/engine/socket");
        own = PeerIdentity.own();
    }

    private String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void makesAPrivatePlace() throws Exception {
        try (EngineSocket _ = EngineSocket.claim(path, own).orElseThrow()) {
            assertEquals("rwx------", mode(path.getParent()));
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void itsDirectoryHasNoSocketButAWayToItForThoseWhoMayLookIntoTheEngine() throws Exception {
        try (EngineSocket _ = EngineSocket.claim(path, own).orElseThrow();
                Stream<Path> files = Files.list(path.getParent())) {
            assertEquals(List.of(path), files.toList());
            String way = "/proc/" + ProcessHandle.current().pid() + "/fd/";
            assertTrue(Files.readSymbolicLink(path).toString().startsWith(way));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/1/fd/0", "/proc/4194305/fd/9", "/proc/self/fd/0", "elsewhere", "/"})
    void takesThePlaceOfAnEngineThatWasKilled(String link) throws Exception {
        EngineSocket.claim(path, own).orElseThrow().close();
        Files.createSymbolicLink(path, Path.of(link));
        try (EngineSocket socket = EngineSocket.claim(path, own).orElseThrow()) {
            assertTrue(socket.isKept());
        }
    }

    /**
     * Who has a dead engine's pid may have opened a file of the name that the engine's socket had, in a place of its
     * own.
     */
    @Test
    void takesThePlaceOfAnEngineWhosePidIsOfAProcessWithOtherRights() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/setpriv")), "there is no setpriv");
        EngineSocket.claim(path, own).orElseThrow().close();
        assertTakesThePlaceOf(path.getParent(), "setpriv", "--no-new-privs", "sh");
    }

    @Test
    void takesThePlaceOfAnEngineWhosePidIsOfAnEqualWithAnotherFile() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/shm")), "there is no /dev/shm");
        EngineSocket.claim(path, own).orElseThrow().close();
        assertTakesThePlaceOf(Path.of("/dev/shm"), "sh");
    }

    /**
     * A process of these words has a file whose name is what the engine's socket would have been called in this
     * directory.
     */
    private void assertTakesThePlaceOf(Path directory, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(words));
        command.addAll(List.of("-c", "exec 9> $0.$$ && rm $0.$$ && echo ready && read end", directory + "/.socket"));
        Process process = new ProcessBuilder(command).start();
        try {
            assertEquals("ready", process.inputReader().readLine());
            Path target = Path.of("/proc/" + process.pid() + "/fd/9");
            Files.createSymbolicLink(path, target);
            assertEquals(
                    directory + "/.socket." + process.pid() + " (deleted)",
                    Files.readSymbolicLink(target).toString());
            try (EngineSocket socket = EngineSocket.claim(path, own).orElseThrow()) {
                assertTrue(socket.isKept());
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void removesWhatTheDeadHaveLeft() throws Exception {
        path = path.resolveSibling("4026531836-0123");
        EngineSocket.claim(path, own).orElseThrow().close();
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        Path dead = Path.of("/proc/" + ended.pid() + "/fd/9");
        Path living = Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/9");
        Files.createSymbolicLink(path.resolveSibling("4026531836-4567"), dead);
        Files.createSymbolicLink(path.resolveSibling(".4026531836-89ab." + ended.pid()), dead);
        List<Path> kept = List.of(
                path.resolveSibling("4026531836-aaaa"),
                path.resolveSibling("4026532200-4567"),
                path.resolveSibling("0123"));
        Files.createSymbolicLink(kept.get(0), living);
        Files.createSymbolicLink(kept.get(1), dead); // in another pid namespace it may be somebody's
        Files.createSymbolicLink(kept.get(2), dead);
        try (EngineSocket socket = EngineSocket.claim(path, own).orElseThrow();
                Stream<Path> files = Files.list(path.getParent())) {
            assertTrue(socket.isKept());
            assertEquals(
                    Stream.concat(kept.stream(), Stream.of(path)).sorted().toList(),
                    files.sorted().toList());
        }
    }

    @Test
    void takesThePlaceOfAnOlderSocket() throws Exception {
        EngineSocket.claim(path, own).orElseThrow().close();
        Files.createFile(path);
        EngineSocket.claim(path, own).orElseThrow().close();
    }

    @Test
    void onlyOneHasThePlace() throws Exception {
        try (EngineSocket _ = EngineSocket.claim(path, own).orElseThrow()) {
            assertTrue(EngineSocket.claim(path, own).isEmpty());
        }
    }

    @Test
    void whoeverHasLostThePlaceKnowsItAndLeavesItToTheOther() throws Exception {
        EngineSocket first = EngineSocket.claim(path, own).orElseThrow();
        Files.delete(path);
        assertFalse(first.isKept());
        try (EngineSocket second = EngineSocket.claim(path, own).orElseThrow()) {
            first.close();
            assertTrue(second.isKept());
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        }
    }

    @Test
    void theNextEngineMayListenWhenOneHasEnded() throws Exception {
        EngineSocket.claim(path, own).orElseThrow().close();
        EngineSocket.claim(path, own).orElseThrow().close();
    }

    @Test
    void refusesADirectoryThatOthersMayEnter() throws Exception {
        Files.createDirectories(path.getParent());
        Files.setPosixFilePermissions(path.getParent(), PosixFilePermissions.fromString("rwx--x---"));
        assertThrows(IOException.class, () -> EngineSocket.claim(path, own));
    }

    @Test
    void refusesADirectoryOfAnotherUser() throws Exception {
        EngineSocket.claim(path, own).orElseThrow().close();
        String status = own.status().replaceFirst("Uid:\t\\d+\t\\d+", "Uid:\t0\t" + (own.uid() + 1));
        var another = new PeerIdentity(status, own.namespaces(), own.label());
        assertThrows(IOException.class, () -> EngineSocket.claim(path, another));
    }

    @Test
    void refusesASymbolicLinkToADirectory() throws Exception {
        EngineSocket.claim(path, own).orElseThrow().close();
        Path link = temporary.resolve("link");
        Files.createSymbolicLink(link, path.getParent());
        assertThrows(IOException.class, () -> EngineSocket.claim(link.resolve("socket"), own));
        assertTrue(Files.isSymbolicLink(link));
    }
}
