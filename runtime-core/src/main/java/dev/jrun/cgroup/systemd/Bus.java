// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import dev.jrun.kernel.call.Failures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.messages.Error;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MessageFactory;
import org.freedesktop.dbus.messages.MethodReturn;
import org.freedesktop.dbus.messages.constants.Endian;
import org.freedesktop.dbus.spi.message.InputStreamMessageReader;

/**
 * One connection, for use by several threads. Only the library's messages are used: its own connections keep half a
 * dozen threads and use reflection. One thread reads as long as the connection exists, and no call waits for another's
 * answer.
 *
 * @see <a href="https://dbus.freedesktop.org/doc/dbus-specification.html">the D-Bus specification</a>
 */
final class Bus implements AutoCloseable {

    private static final String SYSTEMD = "org.freedesktop.systemd1";
    private static final String MANAGER_PATH = "/org/freedesktop/systemd1";
    private static final String MANAGER = "org.freedesktop.systemd1.Manager";
    private static final String DAEMON = "org.freedesktop.DBus";

    /**
     * Only what this engine asked for is told of: it does not subscribe to anything, which would have systemd tell of
     * all its units.
     */
    private static final String JOBS = "type='signal',sender='" + SYSTEMD + "',path='" + MANAGER_PATH + "',interface='"
            + MANAGER + "',member='JobRemoved'";

    private final BusAddress address;
    private final SocketChannel channel;
    private final MessageFactory messages = new MessageFactory(Endian.LITTLE);
    private final Map<Long, CompletableFuture<Message>> pending = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final EndedJobs jobs = new EndedJobs();
    private final Object writing = new Object();
    private volatile IOException loss;

    private Bus(BusAddress address, SocketChannel channel) {
        this.address = address;
        this.channel = channel;
    }

    /**
     * Connects, and makes sure of who is at the other end.
     *
     * @throws BusException.Lost if that takes longer than {@code limit}, or is not to be had
     */
    static Bus connect(BusAddress address, Duration limit) throws BusException {
        try {
            Bus bus = new Bus(address, SocketChannel.open(StandardProtocolFamily.UNIX));
            bus.start(limit);
            return bus;
        } catch (IOException e) {
            throw e instanceof BusException known ? known : new BusException.Lost(reason(address, e), e);
        }
    }

    private static String reason(BusAddress address, IOException e) {
        return address.socket() + ": " + Failures.reason(e);
    }

    private void start(Duration limit) throws BusException {
        Thread reader = new Thread(this::read, "bus");
        reader.setDaemon(true);
        reader.start();
        try {
            await(ready, limit);
            if (address.kind() == BusAddress.Kind.BUS) {
                call(DAEMON, "/org/freedesktop/DBus", DAEMON, "Hello", limit, "");
                call(DAEMON, "/org/freedesktop/DBus", DAEMON, "AddMatch", limit, "s", JOBS);
            }
        } catch (BusException e) {
            close();
            throw e;
        }
    }

    BusAddress address() {
        return address;
    }

    /** Whether it is of no use any more. */
    boolean isLost() {
        return loss != null;
    }

    /** @throws BusException.Lost if it is of no use any more */
    void checkIsThere() throws BusException {
        if (isLost()) {
            throw lost();
        }
    }

    /** Calls a method of systemd's manager. */
    Object[] callManager(String method, Duration limit, String signature, Object... arguments) throws BusException {
        return call(SYSTEMD, MANAGER_PATH, MANAGER, method, limit, signature, arguments);
    }

    /** Calls a method of an object of systemd's. */
    Object[] call(String path, String type, String method, Duration limit, String signature, Object... arguments)
            throws BusException {
        return call(SYSTEMD, path, type, method, limit, signature, arguments);
    }

    private Object[] call(
            String destination,
            String path,
            String type,
            String method,
            Duration limit,
            String signature,
            Object... arguments)
            throws BusException {
        CompletableFuture<Message> answer = new CompletableFuture<>();
        long serial = 0;
        try {
            Message call = messages.createMethodCall(
                    null,
                    address.kind() == BusAddress.Kind.BUS ? destination : null,
                    path,
                    type,
                    method,
                    (byte) 0,
                    signature.isEmpty() ? null : signature,
                    BusValue.all(signature, arguments));
            serial = call.getSerial();
            pending.put(serial, answer);
            write(call);
            return content(await(answer, limit));
        } catch (DBusException e) {
            throw new BusException("D-Bus: " + method + ": " + e.getMessage(), e);
        } finally {
            pending.remove(serial);
        }
    }

    /** Whoever does not answer in time is not relied on any more: what comes late is nobody's. */
    private <T> T await(CompletableFuture<T> answer, Duration limit) throws BusException {
        if (loss != null) {
            throw lost();
        }
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            lose(new IOException("no answer within " + limit.toMillis() + " ms"));
            throw lost();
        } catch (ExecutionException e) {
            throw lost();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BusException.Lost("interrupted while waiting for " + address.socket(), e);
        }
    }

    private BusException.Lost lost() {
        IOException cause = loss;
        return new BusException.Lost(reason(address, cause), cause);
    }

    private static Object[] content(Message answer) throws BusException, DBusException {
        Object[] content = answer.getSig() == null ? new Object[0] : answer.getParameters();
        if (answer instanceof Error error) {
            String message = content.length > 0 && content[0] instanceof String text ? text : error.getName();
            throw new BusException.Refused(error.getName(), message);
        }
        return content;
    }

    /** In one write(2): the pieces of a message are a few bytes each. */
    private void write(Message message) throws BusException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        for (byte[] piece : message.getWireData()) {
            if (piece != null) {
                bytes.writeBytes(piece);
            }
        }
        try {
            synchronized (writing) {
                ByteBuffer left = ByteBuffer.wrap(bytes.toByteArray());
                while (left.hasRemaining()) {
                    channel.write(left);
                }
            }
        } catch (IOException e) {
            lose(e);
            throw lost();
        }
    }

    private void read() {
        try {
            channel.connect(UnixDomainSocketAddress.of(address.socket()));
            new BusHandshake(address, channel).shake();
            ready.complete(null);
            InputStreamMessageReader reader = new InputStreamMessageReader(channel);
            while (true) {
                Message message = reader.readMessage();
                if (message != null) {
                    receive(message);
                }
            }
        } catch (IOException e) {
            lose(e);
        } catch (DBusException | RuntimeException e) {
            lose(new IOException("the message is not D-Bus: " + e.getMessage(), e));
        }
    }

    private void receive(Message message) throws DBusException {
        if (message instanceof MethodReturn || message instanceof Error) {
            CompletableFuture<Message> answer = pending.get(message.getReplySerial());
            if (answer != null) {
                answer.complete(message);
            }
        } else if (message instanceof DBusSignal && "JobRemoved".equals(message.getName())) {
            Object[] content = message.getParameters();
            jobs.add(content[1].toString(), content[3].toString());
        }
    }

    /**
     * Waits for the end of a job.
     *
     * @return its result, such as {@code done}; empty if nothing was said of it within {@code limit}, or the connection
     *     is lost
     */
    Optional<String> awaitJob(String job, Duration limit) throws BusException {
        return jobs.await(job, limit);
    }

    private void lose(IOException cause) {
        noteLoss(cause);
        jobs.complete();
        try {
            channel.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        ready.completeExceptionally(cause);
        for (CompletableFuture<Message> answer : List.copyOf(pending.values())) {
            answer.completeExceptionally(cause);
        }
    }

    /** The first cause is the one to be told. */
    private synchronized void noteLoss(IOException cause) {
        if (loss == null) {
            loss = cause;
        }
    }

    @Override
    public void close() {
        lose(new IOException("closed"));
    }
}
