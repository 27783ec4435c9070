// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.channels.Channel;

/**
 * Finds the file descriptor of an NIO channel, which the JDK keeps to itself. Needs {@code --add-opens
 * java.base/sun.nio.ch=ALL-UNNAMED}.
 */
public final class SocketDescriptor {

    private final Method getter;

    /** @throws IOException if this JDK has no such method, or does not let us at it */
    public SocketDescriptor() throws IOException {
        try {
            getter = Class.forName("sun.nio.ch.SelChImpl").getDeclaredMethod("getFDVal");
            getter.setAccessible(true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IOException("cannot find the descriptors of channels: " + e, e);
        }
    }

    /** The number of {@code channel}'s descriptor, valid while it is open. */
    public int of(Channel channel) {
        try {
            return (int) getter.invoke(channel);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot find the descriptor of a channel: " + e, e);
        }
    }
}
