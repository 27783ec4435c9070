// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import dev.jrun.cli.testing.host.CLibrary;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Threads whose sockets are in another network namespace: setns(2) moves one thread. */
final class NetworkNamespace {

    private static final int CLONE_NEWNET = 0x40000000;

    private NetworkNamespace() {}

    /** @param file of the namespace */
    static ExecutorService threads(Supplier<Path> file) {
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(() -> {
                enter(file.get());
                task.run();
            });
            thread.setDaemon(true);
            return thread;
        });
    }

    private static void enter(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = CLibrary.call("open", arena.allocateFrom(file.toString()), 0);
            CLibrary.call("setns", descriptor, CLONE_NEWNET);
            CLibrary.call("close", descriptor);
        }
    }
}
