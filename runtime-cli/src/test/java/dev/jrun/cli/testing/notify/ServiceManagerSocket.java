// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.notify;

import dev.jrun.cli.testing.host.CLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What systemd does with the socket that {@code NOTIFY_SOCKET} names: it asks who sends, and closes descriptors that
 * come along. sd_notify(3).
 */
public final class ServiceManagerSocket implements AutoCloseable {

    private static final int SOL_SOCKET = 1;
    private static final int SO_PASSCRED = 16;
    private static final int SCM_RIGHTS = 1;
    private static final int SHUT_RDWR = 2;
    private static final int LONGEST = 4096;
    private static final int CONTROL = 256;
    private static final long LIMIT_SECONDS = 20;

    private final Path path;
    private final int socket;
    private final Thread reader;
    private final BlockingQueue<Notification> received = new LinkedBlockingQueue<>();

    /** A message. */
    public record Notification(String text, int sender) {}

    private ServiceManagerSocket(Path path) {
        this.path = path;
        this.socket = CLibrary.datagrams(path);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment on = arena.allocate(Integer.BYTES, Integer.BYTES);
            on.set(ValueLayout.JAVA_INT, 0, 1);
            CLibrary.call("setsockopt", socket, SOL_SOCKET, SO_PASSCRED, on, Integer.BYTES);
        }
        this.reader = Thread.ofPlatform().daemon().start(this::read);
    }

    public static ServiceManagerSocket at(Path path) {
        return new ServiceManagerSocket(path);
    }

    /** The entry of an environment that names it. */
    public String variable() {
        return "NOTIFY_SOCKET=" + path;
    }

    private void read() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(LONGEST);
            MemorySegment vector = arena.allocate(16, 8);
            MemorySegment control = arena.allocate(CONTROL, 8);
            MemorySegment message = arena.allocate(56, 8);
            vector.set(ValueLayout.ADDRESS, 0, text);
            vector.set(ValueLayout.JAVA_LONG, 8, LONGEST);
            message.set(ValueLayout.ADDRESS, 16, vector);
            message.set(ValueLayout.JAVA_LONG, 24, 1);
            message.set(ValueLayout.ADDRESS, 32, control);
            while (true) {
                message.set(ValueLayout.JAVA_LONG, 40, CONTROL);
                int length = CLibrary.call("recvmsg", socket, message, 0);
                if (length == 0) {
                    return;
                }
                long controlLength = message.get(ValueLayout.JAVA_LONG, 40);
                byte[] bytes = text.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
                received.add(
                        new Notification(new String(bytes, StandardCharsets.UTF_8), sender(control, controlLength)));
                // Whoever waits for a barrier goes on from here.
                closeDescriptors(control, controlLength);
            }
        } catch (AssertionError closed) {
            // Nobody waits for anything any more.
        }
    }

    /** Who sends; cmsg(3). */
    private static int sender(MemorySegment control, long length) {
        int sender = 0;
        for (long at = 0; at + 16 <= length; at = next(control, at)) {
            if (control.get(ValueLayout.JAVA_INT, at + 12) != SCM_RIGHTS) {
                sender = control.get(ValueLayout.JAVA_INT, at + 16);
            }
        }
        return sender;
    }

    private static void closeDescriptors(MemorySegment control, long length) {
        for (long at = 0; at + 16 <= length; at = next(control, at)) {
            if (control.get(ValueLayout.JAVA_INT, at + 12) == SCM_RIGHTS) {
                CLibrary.call("close", control.get(ValueLayout.JAVA_INT, at + 16));
            }
        }
    }

    /** Where the next control message would begin. */
    private static long next(MemorySegment control, long at) {
        return at + ((control.get(ValueLayout.JAVA_LONG, at) + 7) & ~7);
    }

    /** The next message; fails if it does not come. */
    public Notification next() {
        try {
            Notification next = received.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nobody sends anything");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What has been received since, and nobody has asked for. */
    public List<Notification> rest() {
        List<Notification> rest = new ArrayList<>();
        received.drainTo(rest);
        return rest;
    }

    @Override
    public void close() {
        CLibrary.call("shutdown", socket, SHUT_RDWR);
        try {
            reader.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        CLibrary.call("close", socket);
    }
}
