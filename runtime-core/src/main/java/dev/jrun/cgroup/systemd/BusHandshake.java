// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import dev.jrun.kernel.call.EffectiveUser;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxCalls.PeerCredentials;
import dev.jrun.kernel.call.SocketDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What comes before the messages of a connection: each end makes sure of who the other is. */
final class BusHandshake {

    private static final int LONGEST_LINE = 1024;

    private final BusAddress address;
    private final SocketChannel channel;

    /** @param channel that is connected to the address, and blocks */
    BusHandshake(BusAddress address, SocketChannel channel) {
        this.address = address;
        this.channel = channel;
    }

    /** @throws IOException if there is somebody else, or this process is not let in */
    void shake() throws IOException {
        checkPeer();
        authenticate();
    }

    /** Whoever listens there could have this engine believe anything, and a name in the file system proves nothing. */
    private void checkPeer() throws IOException {
        PeerCredentials peer = LinuxCalls.peerCredentials(new SocketDescriptor().of(channel));
        if (!address.mayBeOf(peer.uid())) {
            throw new IOException("it belongs to user " + Integer.toUnsignedString(peer.uid()) + ", not to "
                    + (address.owner() == 0 ? "root" : Integer.toUnsignedString(address.owner())));
        }
        if (peer.pid() == 0) {
            throw new IOException("systemd is in another pid namespace, where a pid is another process's");
        }
    }

    /** "Authentication Protocol": who this is, the kernel says. Nothing of the answer can be ahead of it. */
    private void authenticate() throws IOException {
        String user = Integer.toUnsignedString(EffectiveUser.uid());
        String name = HexFormat.of().formatHex(user.getBytes(StandardCharsets.US_ASCII));
        write(("\0AUTH EXTERNAL " + name + "\r\nBEGIN\r\n").getBytes(StandardCharsets.US_ASCII));
        String answer = readLine();
        if (!answer.startsWith("OK ")) {
            throw new IOException("does not let user " + user + " in: " + answer);
        }
    }

    private void write(byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    private String readLine() throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        var line = new StringBuilder(64);
        while (line.length() < LONGEST_LINE) {
            one.clear();
            if (channel.read(one) < 0) {
                throw new IOException("closed the connection");
            }
            char next = (char) one.get(0);
            if (next == '\n') {
                return line.toString().strip();
            }
            line.append(next);
        }
        throw new IOException("the answer is not D-Bus");
    }
}
