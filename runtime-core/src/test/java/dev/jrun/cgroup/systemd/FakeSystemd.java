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
        /** Once; then it does it. */
        FAILS_ONCE,
        /** The unit is never there. */
        JOB_NEVER_ENDS,
        /** No answer. */
        HANGS,
        /** The connection ends when the unit was started, before the answer. */
        DIES_AFTER,
        /** Likewise, before the unit was started. */
        DIES_BEFORE,
        /** Likewise after the answer, and the unit is started by whoever comes then. */
        DIES_ANSWERED,
        /** The unit is started, and systemd is not on the bus when it is asked about that. */
        ABSENT_AFTER_ANSWER,
        EXISTS,
        /** There is one of that name that nothing is in any more; after a while it is gone. */
        FORMER_ENDS,
        /** Likewise, and it stays. */
        FORMER_STAYS,
        /** It ends as soon as it has begun. */
        ENDS_AT_ONCE,
        /** There is one of that name that has failed, until it is reset. */
        FAILED_EXISTS,
        /** systemd is not on the bus for a moment. */
        ABSENT_ONCE,
        UNKNOWN_PROPERTY
    }

    /** What becomes of one call, whichever it is. */
    enum Fault {
        /** The connection ends before it is executed. */
        CLOSES_BEFORE,
        /** The connection ends instead of the answer. */
        CLOSES_AFTER,
        /** It is executed, and there is no answer. */
        HANGS,
        /** The answer is an error. */
        REFUSES
    }

    private static final int LOOKS_UNTIL_END = 9;

    private final Path socket;
    private final ServerSocketChannel listener;
    private final List<SocketChannel> connections = Collections.synchronizedList(new ArrayList<>());
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    final Map<String, Object> properties = Collections.synchronizedMap(new HashMap<>());
    private volatile Manner manner = Manner.AT_ONCE;
    private volatile String state = "inactive";
    private volatile Fault fault;
    private volatile int untilFault;
    private volatile boolean foreign;
    private volatile int absences;
    private volatile int looks;
    private volatile boolean muted;
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

    /** Has something happen to the call that is the next but so many. */
    void happen(Fault what, int next) {
        fault = what;
        untilFault = next;
    }

    /** Whether the unit that was asked for runs. */
    boolean hasUnit() {
        return state.equals("active") && !foreign;
    }

    /** That of the unit that was asked for, which has ended in this way. */
    void end(String how) {
        state = how;
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
        if (fault == null || untilFault-- != 0) {
            return execute(connection, messages, call);
        }
        Fault now = fault;
        fault = null;
        if (now == Fault.REFUSES) {
            refuse(connection, messages, call, "org.freedesktop.DBus.Error.AccessDenied");
        } else if (now != Fault.CLOSES_BEFORE) {
            muted = true;
            execute(connection, messages, call);
            muted = false;
        }
        return now == Fault.REFUSES || now == Fault.HANGS;
    }

    /** Returns whether the connection is to go on. */
    private boolean execute(SocketChannel connection, MessageFactory messages, MethodCall call)
            throws IOException, DBusException {
        if (absences > 0) {
            absences--;
            refuse(connection, messages, call, "org.freedesktop.DBus.Error.NoReply");
            return true;
        }
        switch (call.getName()) {
            case "Get" -> get(connection, messages, call);
            case "GetProcesses" -> processes(connection, messages, call);
            case "StartTransientUnit" -> {
                return start(connection, messages, call);
            }
            case "Stop" -> stop(connection, messages, call);
            case "ResetFailed" -> {
                manner = manner == Manner.FAILED_EXISTS ? Manner.AT_ONCE : manner;
                state = "inactive";
                send(connection, messages.createMethodReturn(call, null));
            }
            default -> send(connection, messages.createMethodReturn(call, null));
        }
        return true;
    }

    private void stop(SocketChannel connection, MessageFactory messages, MethodCall call)
            throws IOException, DBusException {
        switch (manner) {
            case JOB_NEVER_ENDS -> send(connection, messages.createMethodReturn(call, "o", job()));
            case UNKNOWN_PROPERTY -> refuse(connection, messages, call, "org.freedesktop.DBus.Error.AccessDenied");
            default -> {
                state = manner == Manner.FAILS ? "failed" : "inactive";
                manner = manner == Manner.FORMER_STAYS ? Manner.AT_ONCE : manner;
                foreign = false;
                job(connection, messages, call, "done", false);
            }
        }
    }

    private void processes(SocketChannel connection, MessageFactory messages, MethodCall call)
            throws IOException, DBusException {
        boolean deserted = manner == Manner.FORMER_ENDS || manner == Manner.FORMER_STAYS;
        // Whether there are any, not which, is looked at.
        List<String> found = deserted ? List.of() : List.of("sleep");
        send(connection, messages.createMethodReturn(call, "as", found));
    }

    private void get(SocketChannel connection, MessageFactory messages, MethodCall call)
            throws IOException, DBusException {
        looks++;
        if (manner == Manner.FORMER_ENDS && looks > LOOKS_UNTIL_END) {
            manner = Manner.AT_ONCE;
            state = "inactive";
            foreign = false;
        }
        boolean byInvocation = call.getPath().endsWith("/" + "ab01");
        if (byInvocation && state.equals("inactive")) {
            refuse(connection, messages, call, "org.freedesktop.systemd1.NoUnitForInvocationID");
            return;
        }
        Object value = switch (call.getParameters()[1].toString()) {
            case "Version" -> "252.39-1~deb12u1";
            case "ControlGroup" -> call.getPath().equals("/org/freedesktop/systemd1") ? "" : "/a.slice/x.scope";
            case "ActiveState" -> manner == Manner.FAILED_EXISTS ? "failed" : state;
            default -> state.equals("active") ? new byte[] {(byte) 0xab, 1} : new byte[0];
        };
        Variant<?> answer = value instanceof byte[] bytes ? new Variant<>(bytes, "ay") : new Variant<>(value, "s");
        send(connection, messages.createMethodReturn(call, "v", answer));
    }

    private boolean start(SocketChannel connection, MessageFactory messages, MethodCall call)
            throws IOException, DBusException {
        Manner now = manner;
        if (now == Manner.AT_ONCE && state.equals("active")) {
            refuse(connection, messages, call, "org.freedesktop.systemd1.UnitExists");
            return true;
        }
        switch (now) {
            case HANGS -> {
                return true;
            }
            case DIES_BEFORE, DIES_AFTER -> {
                state = now == Manner.DIES_AFTER ? "active" : "inactive";
                manner = now == Manner.DIES_AFTER ? Manner.EXISTS : Manner.AT_ONCE;
                return false;
            }
            case EXISTS, FORMER_ENDS, FORMER_STAYS -> {
                state = "active";
                foreign = now != Manner.EXISTS;
            }
            case ABSENT_ONCE, FAILS_ONCE -> manner = Manner.AT_ONCE;
            default -> {
                // What follows is said below.
            }
        }
        switch (now) {
            case EXISTS, FAILED_EXISTS, FORMER_ENDS, FORMER_STAYS ->
                refuse(connection, messages, call, "org.freedesktop.systemd1.UnitExists");
            case ABSENT_ONCE -> refuse(connection, messages, call, "org.freedesktop.DBus.Error.NameHasNoOwner");
            case UNKNOWN_PROPERTY -> refuse(connection, messages, call, "org.freedesktop.DBus.Error.PropertyReadOnly");
            case FAILS, FAILS_ONCE -> {
                state = "failed";
                job(connection, messages, call, "failed", false);
            }
            case SILENT_END, ABSENT_AFTER_ANSWER -> {
                state = "active";
                send(connection, messages.createMethodReturn(call, "o", job()));
                absences = now == Manner.SILENT_END ? 0 : 2;
                manner = now == Manner.SILENT_END ? manner : Manner.EXISTS;
            }
            case DIES_ANSWERED -> {
                send(connection, messages.createMethodReturn(call, "o", job()));
                manner = Manner.AT_ONCE;
                return false;
            }
            case JOB_NEVER_ENDS -> send(connection, messages.createMethodReturn(call, "o", job()));
            default -> {
                learn(call);
                state = now == Manner.ENDS_AT_ONCE ? "inactive" : "active";
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

    private void refuse(SocketChannel connection, MessageFactory messages, MethodCall call, String name)
            throws IOException, DBusException {
        send(connection, messages.createError(null, name, call.getSerial(), "s", "said so"));
    }

    private void send(SocketChannel connection, Message message) throws IOException {
        if (muted) {
            return;
        }
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
