// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
    private int uid;

    @BeforeEach
    void prepare() throws IOException {
        path = temporary.resolve("jrun/engine/socket");
        uid = PeerIdentity.own().uid();
    }

    private String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void makesAPrivatePlace() throws Exception {
        try (EngineSocket _ = EngineSocket.claim(path, uid).orElseThrow()) {
            assertEquals("rwx------", mode(path.getParent()));
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void itsDirectoryHasNoSocketButAWayToItForThoseWhoMayLookIntoTheEngine() throws Exception {
        try (EngineSocket _ = EngineSocket.claim(path, uid).orElseThrow();
                Stream<Path> files = Files.list(path.getParent())) {
            assertEquals(List.of(path), files.toList());
            String way = "/proc/" + ProcessHandle.current().pid() + "/fd/";
            assertTrue(Files.readSymbolicLink(path).toString().startsWith(way));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/1/fd/0", "/proc/4194305/fd/9", "/proc/self/fd/0", "elsewhere", "/"})
    void takesThePlaceOfAnEngineThatWasKilled(String link) throws Exception {
        EngineSocket.claim(path, uid).orElseThrow().close();
        Files.createSymbolicLink(path, Path.of(link));
        try (EngineSocket socket = EngineSocket.claim(path, uid).orElseThrow()) {
            assertTrue(socket.isKept());
        }
    }

    @Test
    void takesThePlaceOfAnOlderSocket() throws Exception {
        EngineSocket.claim(path, uid).orElseThrow().close();
        Files.createFile(path);
        EngineSocket.claim(path, uid).orElseThrow().close();
    }

    @Test
    void onlyOneHasThePlace() throws Exception {
        try (EngineSocket _ = EngineSocket.claim(path, uid).orElseThrow()) {
            assertTrue(EngineSocket.claim(path, uid).isEmpty());
        }
    }

    @Test
    void whoeverHasLostThePlaceKnowsItAndLeavesItToTheOther() throws Exception {
        EngineSocket first = EngineSocket.claim(path, uid).orElseThrow();
        Files.delete(path);
        assertFalse(first.isKept());
        try (EngineSocket second = EngineSocket.claim(path, uid).orElseThrow()) {
            first.close();
            assertTrue(second.isKept());
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        }
    }

    @Test
    void theNextEngineMayListenWhenOneHasEnded() throws Exception {
        EngineSocket.claim(path, uid).orElseThrow().close();
        EngineSocket.claim(path, uid).orElseThrow().close();
    }

    @Test
    void refusesADirectoryThatOthersMayEnter() throws Exception {
        Files.createDirectories(path.getParent());
        Files.setPosixFilePermissions(path.getParent(), PosixFilePermissions.fromString("rwx--x---"));
        assertThrows(IOException.class, () -> EngineSocket.claim(path, uid));
    }

    @Test
    void refusesADirectoryOfAnotherUser() throws Exception {
        EngineSocket.claim(path, uid).orElseThrow().close();
        assertThrows(IOException.class, () -> EngineSocket.claim(path, uid + 1));
    }

    @Test
    void refusesASymbolicLinkToADirectory() throws Exception {
        EngineSocket.claim(path, uid).orElseThrow().close();
        Path link = temporary.resolve("link");
        Files.createSymbolicLink(link, path.getParent());
        assertThrows(IOException.class, () -> EngineSocket.claim(link.resolve("socket"), uid));
        assertTrue(Files.isSymbolicLink(link));
    }
}
