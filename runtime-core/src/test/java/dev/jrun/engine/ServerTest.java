// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.engine.peer.PeerIdentity;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.call.SocketDescriptor;
import dev.jrun.program.Assembler;
import dev.jrun.program.Program;
import dev.jrun.program.SessionBrokenException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server with callers that are this very process. */
@Timeout(30)
class ServerTest {

    private static final String BUILD = "b1";
    private static final int PID = (int) ProcessHandle.current().pid();

    @TempDir
    Path temporary;

    private Path path;
    private Thread runner;
    private Service service;

    @BeforeEach
    void prepare() {
        path = temporary.resolve("jrun/engine/socket");
    }

    @AfterEach
    void end() throws InterruptedException {
        service.stop();
        runner.join();
        assertFalse(Files.exists(path));
    }

    private void serve(CallHandler handler) throws IOException {
        serve(PeerIdentity.own(), handler, Duration.ofSeconds(10));
    }

    private void serve(PeerIdentity identity, CallHandler handler, Duration handshakeTime) throws IOException {
        EngineSocket socket = EngineSocket.claim(path, PeerIdentity.own()).orElseThrow();
        var settings = new EngineSettings(path.toString(), BUILD, OptionalInt.empty());
        service = new Service(
                identity,
                settings,
                handler,
                new Lifetime(Lifetime.UNLIMITED),
                new SingleLargeFrame(Duration.ZERO),
                handshakeTime,
                Duration.ofMillis(10));
        runner = new Thread(() -> {
            try {
                service.run(socket);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        runner.start();
    }

    private static Program exit(int code) {
        var assembler = new Assembler();
        assembler.exit(code);
        return assembler.assemble();
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path));
    }

    private static ChannelWire wire(SocketChannel channel) throws IOException {
        return new ChannelWire(channel, new SocketDescriptor().of(channel));
    }

    private Frames.Frame call(String build, int pid) throws IOException {
        try (SocketChannel channel = connect()) {
            return call(channel, build, pid);
        }
    }

    private static Frames.Frame call(SocketChannel channel, String build, int pid) throws IOException {
        var wire = wire(channel);
        byte[] call = Bytes.call(pid, build).frame(Frames.CALL);
        try {
            wire.write(call, 0, call.length);
        } catch (IOException refusedAlready) {
            // The answer is there all the same.
        }
        return Frames.alone(wire).read(Frames.MAX_LENGTH);
    }

    @Test
    void servesAnEqual() throws Exception {
        serve(call -> (session, _) -> session.run(exit(call.arguments().size())));
        Frames.Frame answer = call(BUILD, PID);
        assertEquals(Frames.PROGRAM, answer.type());
        assertArrayEquals(exit(2).encode(Machine.host()), answer.payload());
    }

    @Test
    void refusesAnotherBuildAndAnotherPid() throws Exception {
        serve(_ -> (session, _) -> session.run(exit(0)));
        assertEquals(Frames.REFUSED, call("b2", PID).type());
        assertEquals(Frames.REFUSED, call(BUILD, PID + 1).type());
    }

    @Test
    void refusesWhoeverIsNotItsEqual() throws Exception {
        PeerIdentity own = PeerIdentity.own();
        serve(
                new PeerIdentity(own.status().replace("CapEff:\t0", "CapEff:\t1"), own.namespaces(), own.label()),
                _ -> (session, _) -> session.run(exit(0)),
                Duration.ofSeconds(10));
        assertEquals(Frames.REFUSED, call(BUILD, PID).type());
    }

    @Test
    void doesNothingForWhoeverIsNotItsEqual() throws Exception {
        PeerIdentity own = PeerIdentity.own();
        var performed = new AtomicInteger();
        serve(
                new PeerIdentity(own.status().replace("CapEff:\t0", "CapEff:\t1"), own.namespaces(), own.label()),
                _ -> (session, _) -> {
                    performed.incrementAndGet();
                    session.run(exit(0));
                },
                Duration.ofSeconds(10));
        assertEquals(Frames.REFUSED, call(BUILD, PID).type());
        assertEquals(Frames.REFUSED, call(BUILD, PID + 1).type());
        assertEquals(0, performed.get());
    }

    @Test
    void takesNoLargeCallFromWhoeverIsNotItsEqual() throws Exception {
        PeerIdentity own = PeerIdentity.own();
        serve(
                new PeerIdentity(own.status().replace("CapEff:\t0", "CapEff:\t1"), own.namespaces(), own.label()),
                _ -> (session, _) -> session.run(exit(0)),
                Duration.ofSeconds(10));
        try (SocketChannel channel = connect()) {
            byte[] header = new Bytes()
                    .number(Frames.CALL)
                    .number(SingleLargeFrame.SMALL + 1)
                    .array();
            try {
                channel.write(ByteBuffer.wrap(header));
            } catch (IOException refusedAlready) {
                // It is closed as it is to be.
            }
            assertIsClosed(channel);
        }
    }

    @Test
    void understandsNoLongCallOfWhoeverIsNotItsEqual() throws Exception {
        PeerIdentity own = PeerIdentity.own();
        var understood = new AtomicInteger();
        serve(
                new PeerIdentity(own.status().replace("CapEff:\t0", "CapEff:\t1"), own.namespaces(), own.label()),
                _ -> {
                    understood.incrementAndGet();
                    return (session, _) -> session.run(exit(0));
                },
                Duration.ofSeconds(10));
        String build = "b".repeat(100_000);
        for (int i = 0; i < 20; i++) {
            try {
                assertEquals(Frames.REFUSED, call(build, PID).type());
            } catch (SessionBrokenException reset) {
                // It was sent away before it had said all.
            }
        }
        assertEquals(0, understood.get());
    }

    /** Waits until the server has said so and closed the connection. */
    private static void assertIsSentAway(SocketChannel channel) throws IOException {
        assertEquals(
                Frames.REFUSED,
                Frames.alone(wire(channel)).read(Frames.MAX_LENGTH).type());
        assertIsClosed(channel);
    }

    private static void assertIsClosed(SocketChannel channel) {
        try {
            while (channel.read(ByteBuffer.allocate(16)) >= 0) {
                // It may have been told why.
            }
        } catch (IOException reset) {
            // What was sent has not been read.
        }
    }

    @Test
    void whoeverIsNotItsEqualIsSentAwayAtOnce() throws Exception {
        PeerIdentity own = PeerIdentity.own();
        serve(
                new PeerIdentity(own.status().replace("CapEff:\t0", "CapEff:\t1"), own.namespaces(), own.label()),
                _ -> (session, _) -> session.run(exit(0)),
                Duration.ofDays(1));
        var silent = new ArrayList<SocketChannel>();
        try {
            for (int i = 0; i < 200; i++) {
                silent.add(connect());
            }
            for (SocketChannel channel : silent) {
                assertIsSentAway(channel);
            }
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
    }

    @Test
    void anEngineThatIsNotFoundAnyMoreEnds() throws Exception {
        serve(_ -> (session, _) -> session.run(exit(0)));
        Files.delete(path);
        runner.join();
    }

    @Test
    void aCallThatCannotBeUnderstoodIsAnInternalError() throws Exception {
        serve(_ -> {
            throw new IllegalStateException("no idea");
        });
        Frames.Frame answer = call(BUILD, PID);
        assertEquals(Frames.PROGRAM, answer.type());
        assertTrue(new String(answer.payload(), StandardCharsets.ISO_8859_1)
                .contains("jrun: internal error: java.lang.IllegalStateException: no idea"));
    }

    @Test
    void tellsTheCallerOfAnInternalErrorAndServesOn() throws Exception {
        serve(_ -> (_, _) -> {
            throw new StackOverflowError("too deep");
        });
        for (int i = 0; i < 2; i++) {
            Frames.Frame answer = call(BUILD, PID);
            assertEquals(Frames.PROGRAM, answer.type());
            assertTrue(new String(answer.payload(), StandardCharsets.ISO_8859_1)
                    .contains("jrun: internal error: java.lang.StackOverflowError: too deep"));
        }
    }

    @Test
    void servesCallsInParallel() throws Exception {
        int callers = 20;
        var together = new CyclicBarrier(callers);
        serve(_ -> (session, _) -> {
            try {
                together.await();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            session.run(exit(0));
        });
        try (var threads = Executors.newCachedThreadPool()) {
            var answers = new ArrayList<Future<Frames.Frame>>();
            for (int i = 0; i < callers; i++) {
                answers.add(threads.submit(() -> call(BUILD, PID)));
            }
            for (Future<Frames.Frame> answer : answers) {
                assertEquals(Frames.PROGRAM, answer.get().type());
            }
        }
    }

    @Test
    void dropsACallerThatStalls() throws Exception {
        serve(PeerIdentity.own(), _ -> (session, _) -> session.run(exit(0)), Duration.ZERO);
        try (SocketChannel channel = connect()) {
            assertEquals(-1, channel.read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void manyCallersThatLeaveDoNoHarm() throws Exception {
        serve(_ -> (session, _) -> session.run(exit(0)));
        for (int i = 0; i < 200; i++) {
            connect().close();
        }
        assertEquals(Frames.PROGRAM, call(BUILD, PID).type());
    }

    @Test
    void anEngineThatWasStoppedAwaitsItsCallsAndTakesNoOther() throws Exception {
        var entered = new CountDownLatch(1);
        var leave = new CountDownLatch(1);
        serve(_ -> (session, control) -> {
            control.stop();
            entered.countDown();
            try {
                leave.await();
            } catch (InterruptedException e) {
                throw new SessionBrokenException("interrupted", e);
            }
            session.run(exit(0));
        });
        try (SocketChannel channel = connect();
                var threads = Executors.newCachedThreadPool()) {
            var answer = threads.submit(() -> call(channel, BUILD, PID));
            entered.await();
            while (Files.exists(path)) {
                Thread.onSpinWait();
            }
            assertTrue(runner.isAlive());
            leave.countDown();
            assertEquals(Frames.PROGRAM, answer.get().type());
        }
        runner.join();
    }

    @Test
    void knowsHowItIs() throws Exception {
        var seen = new LinkedBlockingQueue<EngineStatus>();
        serve(_ -> (session, control) -> {
            seen.add(control.status().orElseThrow());
            session.run(exit(0));
        });
        call(BUILD, PID);
        call(BUILD, PID);
        seen.take();
        EngineStatus status = seen.take();
        assertEquals(PID, status.pid());
        assertEquals(2, status.calls());
        assertEquals(path.toString(), status.socket());
        assertTrue(status.residentBytes() > 10 << 20);
    }
}
