// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.terminal;

import dev.jrun.cli.testing.host.CLibrary;
import dev.jrun.cli.testing.host.Eventually;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** The master side of a terminal: what a program shows there is read in the background, until it is gone. */
public final class TerminalMaster implements AutoCloseable {

    private static final long TIOCGWINSZ = 0x5413;
    private static final int PART = 1 << 12;
    private static final short POLLIN = 1;
    private static final int PATIENCE_MILLISECONDS = 20;
    private static final long LIMIT_MILLISECONDS = 20_000;

    private final int descriptor;
    private final StringBuffer shown = new StringBuffer();
    private final Thread reader;
    private volatile boolean closing;

    TerminalMaster(int descriptor) {
        this.descriptor = descriptor;
        this.reader = Thread.ofPlatform().daemon().start(this::read);
    }

    /** A read(2) that waits would keep it open, whoever closes it meanwhile. */
    private void read() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment part = arena.allocate(PART);
            MemorySegment poll = arena.allocate(8, 8);
            poll.set(ValueLayout.JAVA_INT, 0, descriptor);
            poll.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
            while (!closing) {
                if (CLibrary.call("poll", poll, 1L, PATIENCE_MILLISECONDS) > 0) {
                    int length = CLibrary.call("read", descriptor, part, (long) PART);
                    byte[] bytes = part.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
                    shown.append(new String(bytes, StandardCharsets.UTF_8));
                }
            }
        } catch (AssertionError gone) {
            // EIO: nobody has the other side open any more.
        } finally {
            CLibrary.call("close", descriptor);
        }
    }

    /** All that was shown so far. */
    public String shown() {
        return shown.toString();
    }

    /** All that was shown, when nobody has the other side open any more; lines end as in a file. */
    public String awaitEnd() {
        join();
        if (reader.isAlive()) {
            throw new AssertionError("the terminal is still open: " + shown);
        }
        return shown().replace("\r\n", "\n");
    }

    public void awaitShown(String text) {
        Eventually.isTrue("\"" + text + "\" is shown", () -> shown().contains(text));
    }

    public void type(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment typed = arena.allocate(bytes.length);
            MemorySegment.copy(bytes, 0, typed, ValueLayout.JAVA_BYTE, 0, bytes.length);
            CLibrary.call("write", descriptor, typed, (long) bytes.length);
        }
    }

    /** Rows and columns. */
    public String size() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(8, 8);
            CLibrary.call("ioctl", descriptor, TIOCGWINSZ, size);
            return size.get(ValueLayout.JAVA_SHORT, 0) + " " + size.get(ValueLayout.JAVA_SHORT, 2);
        }
    }

    /** Hangs up. */
    @Override
    public void close() {
        closing = true;
        join();
    }

    private void join() {
        try {
            reader.join(LIMIT_MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
