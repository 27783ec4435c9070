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

/** A service manager's socket, which {@code NOTIFY_SOCKET} names: sd_notify(3). What is sent waits in it. */
public record NotificationListener(int socket) implements AutoCloseable {

    private static final int LONGEST = 4096;

    public static NotificationListener at(Path path) {
        return new NotificationListener(CLibrary.datagrams(path));
    }

    /** The next messages, without the ends of their lines; fails if they do not come. */
    public List<String> messages(int number) {
        List<String> messages = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(LONGEST);
            while (messages.size() < number) {
                int length = CLibrary.call("recv", socket, text, (long) LONGEST, 0);
                messages.add(new String(text.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8)
                        .strip());
            }
        }
        return messages;
    }

    @Override
    public void close() {
        CLibrary.call("close", socket);
    }
}
