// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients;

import dev.jrun.cli.testing.host.Eventually;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Streams over one WebSocket, as a runtime serves them to a kubelet and this hands them on: the first byte of a message
 * is the number of its stream. https://kubernetes.io/docs/reference/using-api/websockets/
 */
public final class Channels implements WebSocket.Listener, AutoCloseable {

    /** Streams of a process. The last two are for its result and for sizes of its terminal. */
    public static final int INPUT = 0;

    public static final int OUTPUT = 1;
    public static final int ERRORS = 2;
    public static final int RESULT = 3;
    public static final int SIZE = 4;

    /** Without a message that closes one stream, which came later. */
    private static final String PROTOCOL = "v4.channel.k8s.io";

    private static final long LIMIT_SECONDS = 30;

    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final Map<Integer, ByteArrayOutputStream> received = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final HttpClient http;
    private WebSocket socket;

    private Channels(HttpClient http) {
        this.http = http;
    }

    /** @param threads what connects, from the network that {@code address} is in */
    public static Channels open(ExecutorService threads, String address) {
        HttpClient http = HttpClient.newBuilder().executor(threads).build();
        var channels = new Channels(http);
        URI uri = URI.create(address.replaceFirst("^http", "ws"));
        channels.socket = CompletableFuture.supplyAsync(
                        () -> http.newWebSocketBuilder()
                                .subprotocols(PROTOCOL)
                                .buildAsync(uri, channels)
                                .join(),
                        threads)
                .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                .join();
        return channels;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        byte[] content = new byte[data.remaining()];
        data.get(content);
        message.writeBytes(content);
        if (last) {
            take(message.toByteArray());
            message.reset();
        }
        webSocket.request(1);
        return null;
    }

    private void take(byte[] content) {
        if (content.length > 0) {
            received.computeIfAbsent((int) content[0], _ -> new ByteArrayOutputStream())
                    .write(content, 1, content.length - 1);
        }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        ended.complete(null);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        ended.complete(null);
    }

    public Channels send(int channel, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = ByteBuffer.allocate(1 + content.length);
        message.put((byte) channel).put(content).flip();
        socket.sendBinary(message, true).join();
        return this;
    }

    public Channels resize(int columns, int rows) {
        return send(SIZE, "{\"Width\":" + columns + ",\"Height\":" + rows + "}");
    }

    /** What has come so far. */
    public String received(int channel) {
        ByteArrayOutputStream content = received.get(channel);
        return content == null ? "" : content.toString(StandardCharsets.UTF_8);
    }

    public Channels await(int channel, String text) {
        try {
            Eventually.isTrue(text, () -> received(channel).contains(text));
        } catch (AssertionError e) {
            throw new AssertionError("\"" + text + "\" does not come: " + received, e);
        }
        return this;
    }

    /** Waits until the other side has closed it. */
    public Channels awaitEnd() {
        ended.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
        return this;
    }

    @Override
    public void close() {
        socket.abort();
        http.close();
    }
}
