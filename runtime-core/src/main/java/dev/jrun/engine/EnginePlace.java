// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.call.SocketDescriptor;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;

/** Where callers find an engine. After it is closed, they do not find it any more. */
interface EnginePlace extends Closeable {

    /**
     * What callers make. There are no more when this place is closed.
     *
     * @throws IOException if they cannot be waited for
     */
    Connections connections() throws IOException;

    /**
     * Whether they still do. Another engine may have taken the place, or somebody has cleared the directory.
     *
     * @throws IOException if that cannot be found out
     */
    boolean isKept() throws IOException;

    /** A place that this engine was given, and is not to give up before it ends. */
    record Given(ServerSocketChannel listener) implements EnginePlace {
        @Override
        public Connections connections() throws IOException {
            return new Connections.OfGivenSocket(listener, new SocketDescriptor());
        }

        @Override
        public boolean isKept() {
            return true;
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
