// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.call.SocketDescriptor;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found out about a caller that is this very process. */
class PeerVerifierTest {

    @TempDir
    Path temporary;

    @Test
    void knowsItsEqualAndWhetherItHasGivenUp() throws Exception {
        var verifier = new PeerVerifier(PeerIdentity.own());
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                SocketChannel caller = connect(listener);
                SocketChannel connection = listener.accept()) {
            int descriptor = new SocketDescriptor().of(connection);
            int pid = (int) ProcessHandle.current().pid();
            assertEquals(OptionalInt.of(pid), verifier.ofOurUser(descriptor));
            assertTrue(verifier.isEqual(descriptor, pid));
            caller.write(ByteBuffer.wrap(new byte[] {1}));
            assertTrue(verifier.stillWrites(descriptor));
            caller.shutdownOutput();
            assertFalse(verifier.stillWrites(descriptor));
        }
    }

    private SocketChannel connect(ServerSocketChannel listener) throws IOException {
        var address = UnixDomainSocketAddress.of(temporary.resolve("socket"));
        listener.bind(address);
        return SocketChannel.open(address);
    }
}
