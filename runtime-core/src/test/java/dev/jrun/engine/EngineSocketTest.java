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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineSocketTest {

    @TempDir
    Path temporary;

    private Path path;
    private int uid;

    @BeforeEach
    void prepare() throws IOException {
        path = temporary.resolve("jrun/engine/socket");
        uid = ProcessIdentity.own().uid();
    }

    private String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void makesAPrivatePlace() throws Exception {
        try (EngineSocket _ = EngineSocket.claim(path, uid).orElseThrow()) {
            assertEquals("rwx------", mode(path.getParent()));
            assertEquals("rw-------", mode(path));
            SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void takesThePlaceOfAnEngineThatWasKilled() throws Exception {
        Files.createDirectories(path.getParent());
        Files.setPosixFilePermissions(path.getParent(), PosixFilePermissions.fromString("rwx------"));
        Files.createFile(path);
        EngineSocket.claim(path, uid).orElseThrow().close();
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
