// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxSocket;
import dev.jrun.kernel.call.SocketDescriptor;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ListenerTest {

    @TempDir
    Path temporary;

    private UnixDomainSocketAddress address;
    private ServerSocketChannel channel;
    private int descriptor;
    private Listener listener;

    @BeforeEach
    void listen() throws Exception {
        address = UnixDomainSocketAddress.of(temporary.resolve("socket"));
        channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
        descriptor = new SocketDescriptor().of(channel);
        listener = new Listener(Connections.OfOwnSocket.of(channel));
    }

    @AfterEach
    void close() throws Exception {
        channel.close();
    }

    @Test
    void wantsTwoThreadsToWait() {
        assertTrue(listener.isDeserted());
        assertTrue(listener.needsAnother());
        assertFalse(listener.isDeserted());
        assertTrue(listener.needsAnother());
        assertFalse(listener.needsAnother());
        listener.leave();
        assertTrue(listener.needsAnother());
    }

    @Test
    void whoGetsAConnectionDoesNotWaitAnyMore() throws Exception {
        assertTrue(listener.needsAnother());
        try (SocketChannel caller = SocketChannel.open(address)) {
            var connection = new LinuxSocket(listener.accept());
            assertTrue(listener.isDeserted());
            caller.write(ByteBuffer.wrap(new byte[] {7}));
            byte[] read = new byte[2];
            assertEquals(1, connection.read(read, 0, 2));
            assertEquals(7, read[0]);
            connection.close();
        }
    }

    @Test
    void nobodyWaitsWhenItListensNoMore() throws Exception {
        try (var threads = Executors.newCachedThreadPool()) {
            List<Future<Integer>> waiting = new ArrayList<>();
            while (listener.needsAnother()) {
                waiting.add(threads.submit(listener::accept));
            }
            LinuxSocket.shutdown(descriptor);
            for (Future<Integer> thread : waiting) {
                assertEquals(-1, thread.get());
            }
        }
        assertFalse(listener.needsAnother());
    }

    /** Which listens on, for others. */
    @Test
    void nobodyWaitsAtAGivenSocketWhenItIsClosed() throws Exception {
        var given = new EnginePlace.Given(channel);
        listener = new Listener(given.connections());
        int theirs = LinuxCalls.duplicate(descriptor);
        try (var threads = Executors.newCachedThreadPool()) {
            List<Future<Integer>> waiting = new ArrayList<>();
            while (listener.needsAnother()) {
                waiting.add(threads.submit(listener::accept));
            }
            given.close();
            for (Future<Integer> thread : waiting) {
                assertEquals(-1, thread.get());
            }
        }
        assertFalse(listener.needsAnother());
        try (SocketChannel caller = SocketChannel.open(address)) {
            LinuxCalls.close(LinuxSocket.accept(theirs));
            assertTrue(caller.isConnected());
        } finally {
            LinuxCalls.close(theirs);
        }
    }

    @Test
    void acceptsConnectionsToAGivenSocket() throws Exception {
        listener = new Listener(new EnginePlace.Given(channel).connections());
        assertTrue(listener.needsAnother());
        try (SocketChannel caller = SocketChannel.open(address)) {
            var connection = new LinuxSocket(listener.accept());
            caller.write(ByteBuffer.wrap(new byte[] {7}));
            byte[] read = new byte[2];
            assertEquals(1, connection.read(read, 0, 2));
            connection.close();
        }
    }

    @Test
    void waitsAtASocketThatDoesNotBlock() throws Exception {
        channel.configureBlocking(false);
        assertTrue(listener.needsAnother());
        try (var threads = Executors.newCachedThreadPool()) {
            Future<Integer> waiting = threads.submit(listener::accept);
            try (SocketChannel caller = SocketChannel.open(address)) {
                assertTrue(caller.isConnected());
                LinuxCalls.close(waiting.get());
            }
        }
    }

    @Test
    void whoWasSlowIsDroppedOnlyDuringTheHandshake() throws Exception {
        LinuxCalls.SocketPair pair = LinuxCalls.socketpair();
        var caller = new LinuxSocket(pair.second());
        var handshake = new Handshake(pair.first(), 1);
        handshake.end();
        handshake.drop();
        assertFalse(caller.isClosedByPeer());
        new Handshake(pair.first(), 1).drop();
        assertTrue(caller.isClosedByPeer());
        caller.close();
        LinuxCalls.close(pair.first());
    }
}
