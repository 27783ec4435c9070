// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import java.util.ArrayList;
import java.util.List;

/** What a class of tests has opened. It is closed in the opposite order. */
final class Opened {

    private final List<AutoCloseable> closeables = new ArrayList<>();

    <C extends AutoCloseable> C add(C closeable) {
        closeables.addFirst(closeable);
        return closeable;
    }

    void closeAll() throws Exception {
        for (AutoCloseable closeable : closeables) {
            closeable.close();
        }
    }
}
