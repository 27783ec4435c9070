// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MessageFactory;
import org.freedesktop.dbus.messages.MethodCall;
import org.freedesktop.dbus.messages.constants.Endian;
import org.freedesktop.dbus.spi.message.InputStreamMessageReader;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;

/** The other end of a socket of systemd's, for what a real one seldom does: to fail, to hang, to go and come back. */
final class FakeSystemd implements AutoCloseable {

    /** What it does when a unit is to be started. */
    enum Manner {
        AT_ONCE,
        /** The signal comes before the answer, as it may. */
        SIGNAL_FIRST,
        /** It does as it is told, and nobody hears of it. */
        SILENT_END,
        FAILS,
        /** No answer. */
        HANGS,
        /** The connection ends when the unit was started, before the answer. */
        DIES_AFTER,
        /** Likewise, before the unit was started. */
        DIES_BEFORE,
        EXISTS,
        /** There is one of that name that has failed, until it is reset. */
        FAILED_EXISTS,
        /** systemd is not on the bus for a moment. */
        ABSENT_ONCE,
        UNKNOWN_PROPERTY
    }

    private final Path socket;
    private final ServerSocketChannel listener;
    private final List<SocketChannel> connections = Collections.synchronizedList(new ArrayList<>());
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    final Map<String, Object> properties = Collections.synchronizedMap(new HashMap<>());
    private volatile Manner manner = Manner.AT_ONCE;
    private volatile String state = "inactive";
    volatile boolean silentHandshake;

    FakeSystemd(Path socket) throws IOException {
        this.socket = socket;
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().start(this::accept);
    }

    void behave(Manner next) {
        manner = next;
    }

    boolean hasUnit() {
        return state.equals("active");
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = listener.accept();
                connections.add(connection);
                Thread.ofPlatform().daemon().start(() -> serve(connection));
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            readHandshake(connection);
            if (silentHandshake) {
                Thread.sleep(Long.MAX_VALUE);
            }
            connection.write(
                    ByteBuffer.wrap("OK 0123456789abcdef0123456789abcdef\r\n".getBytes(StandardCharsets.US_ASCII)));
            var messages = new MessageFactory(Endian.LITTLE);
            var reader = new InputStreamMessageReader(connection);
            while (true) {
                Message message = reader.readMessage();
                if (message instanceof MethodCall call && !answer(connection, messages, call)) {
                    return;
                }
            }
        } catch (IOException | DBusException | InterruptedException ended) {
            return;
        }
    }

    private static void readHandshake(SocketChannel connection) throws IOException {
        var text = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (!text.toString().endsWith("BEGIN\r\n")) {
            one.clear();
            if (connection.read(one) < 0) {
                throw new IOException("gone");
            }
            text.append((char) one.get(0));
        }
    }

    /** Returns whether the connection is to go on. */
    private boolean answer(SocketChannel connection, MessageFactory messages, MethodCall call)
            throws IOException, DBusException {
        calls.add(call.getName());
        switch (call.getName()) {
            case "Get" -> get(connection, messages, call);
            case "StartTransientUnit" -> {
                return start(connection, messages, call);
            }
            case "Stop" -> {
                if (hasUnit()) {
                    state = "inactive";
                    job(connection, messages, call, "done", false);
                } else {
                    refuse(connection, messages, call, "org.freedesktop.systemd1.NoUnitForInvocationID");
                }
            }
            case "ResetFailedUnit" -> {
                manner = manner == Manner.FAILED_EXISTS ? Manner.AT_ONCE : manner;
                state = "inactive";
                send(connection, messages.createMethodReturn(call, null));
            }
            default -> send(connection, messages.createMethodReturn(call, null));
        }
        return true;
    }

    private void get(SocketChannel connection, MessageFactory messages, MethodCall call)
            throws IOException, DBusException {
        Object value = switch (call.getParameters()[1].toString()) {
            case "Version" -> "252.39-1~deb12u1";
            case "ControlGroup" -> "";
            case "ActiveState" -> manner == Manner.FAILED_EXISTS ? "failed" : state;
            default -> new byte[] {(byte) 0xab, 1};
        };
        Variant<?> answer = value instanceof byte[] bytes ? new Variant<>(bytes, "ay") : new Variant<>(value, "s");
        send(connection, messages.createMethodReturn(call, "v", answer));
    }

    private boolean start(SocketChannel connection, MessageFactory messages, MethodCall call)
            throws IOException, DBusException {
        Manner now = manner;
        switch (now) {
            case HANGS -> {
                return true;
            }
            case DIES_BEFORE, DIES_AFTER -> {
                state = now == Manner.DIES_AFTER ? "active" : "inactive";
                manner = now == Manner.DIES_AFTER ? Manner.EXISTS : Manner.AT_ONCE;
                return false;
            }
            case EXISTS -> state = "active";
            case ABSENT_ONCE -> manner = Manner.AT_ONCE;
            default -> {
                // What follows is said below.
            }
        }
        switch (now) {
            case EXISTS, FAILED_EXISTS -> refuse(connection, messages, call, "org.freedesktop.systemd1.UnitExists");
            case ABSENT_ONCE -> refuse(connection, messages, call, "org.freedesktop.DBus.Error.NameHasNoOwner");
            case UNKNOWN_PROPERTY -> refuse(connection, messages, call, "org.freedesktop.DBus.Error.PropertyReadOnly");
            case FAILS -> {
                state = "failed";
                job(connection, messages, call, "failed", false);
            }
            case SILENT_END -> {
                state = "active";
                send(connection, messages.createMethodReturn(call, "o", job()));
            }
            default -> {
                learn(call);
                state = "active";
                job(connection, messages, call, "done", now == Manner.SIGNAL_FIRST);
            }
        }
        return true;
    }

    private void learn(MethodCall call) throws DBusException {
        for (Object property : (List<?>) call.getParameters()[2]) {
            Object[] pair = property instanceof Object[] array ? array : ((List<?>) property).toArray();
            properties.put(pair[0].toString(), ((Variant<?>) pair[1]).getValue());
        }
    }

    private static DBusPath job() {
        return new DBusPath("/org/freedesktop/systemd1/job/7");
    }

    private void job(SocketChannel connection, MessageFactory messages, MethodCall call, String result, boolean early)
            throws IOException, DBusException {
        Message signal = messages.createSignal(
                null,
                "/org/freedesktop/systemd1",
                "org.freedesktop.systemd1.Manager",
                "JobRemoved",
                "uoss",
                new UInt32(7),
                job(),
                "x.scope",
                result);
        if (early) {
            send(connection, signal);
        }
        send(connection, messages.createMethodReturn(call, "o", job()));
        if (!early) {
            send(connection, signal);
        }
    }

    private static void refuse(SocketChannel connection, MessageFactory messages, MethodCall call, String name)
            throws IOException, DBusException {
        send(connection, messages.createError(null, name, call.getSerial(), "s", "said so"));
    }

    private static void send(SocketChannel connection, Message message) throws IOException {
        synchronized (connection) {
            for (byte[] piece : message.getWireData()) {
                if (piece != null) {
                    connection.write(ByteBuffer.wrap(piece));
                }
            }
        }
    }

    /** As when it executes itself anew. */
    void dropConnections() throws IOException {
        for (SocketChannel connection : List.copyOf(connections)) {
            connection.close();
        }
        connections.clear();
    }

    long connections() {
        return connections.size();
    }

    @Override
    public void close() {
        try {
            listener.close();
            dropConnections();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
