// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import java.io.Closeable;
import java.io.IOException;

/** Where callers find an engine. Closing it has them find it no more. */
interface EnginePlace extends Closeable {

    /**
     * Whether they still do. Another engine may have taken the place, or somebody has cleared the directory.
     *
     * @throws IOException if that cannot be found out
     */
    boolean isKept() throws IOException;

    /** A place that this engine was given, and is not to give up before it ends. */
    record Given(Closeable listener) implements EnginePlace {
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
