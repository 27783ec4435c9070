// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.google.protobuf.Internal;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** Calls methods of the Kubernetes Container Runtime Interface, as a kubelet does. */
final class CriClient implements AutoCloseable {

    private static final String SERVICE = "runtime.v1.RuntimeService";
    /** Also in a machine that is emulated, beside other work. */
    private static final long LIMIT_SECONDS = 240;

    static {
        // It warns of an option for sockets of other families, which gRPC sets for all.
        ((Logger) LoggerFactory.getLogger("io.grpc.netty.shaded.io.netty.bootstrap.Bootstrap")).setLevel(Level.ERROR);
    }

    private final EventLoopGroup loop;
    private final ManagedChannel channel;

    private CriClient(EventLoopGroup loop, ManagedChannel channel) {
        this.loop = loop;
        this.channel = channel;
    }

    /** For who listens at this socket. */
    static CriClient at(Path socket) {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        ManagedChannel channel = NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                .eventLoopGroup(loop)
                .channelType(EpollDomainSocketChannel.class)
                .usePlaintext()
                .build();
        return new CriClient(loop, channel);
    }

    /** @throws io.grpc.StatusRuntimeException if the answer is an error */
    <Q extends Message, R extends Message> R call(String method, Q request, Class<R> response) {
        return ClientCalls.blockingUnaryCall(
                channel,
                MethodDescriptor.<Q, R>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, method))
                        .setRequestMarshaller(new Messages<>(typeOf(request)))
                        .setResponseMarshaller(new Messages<>(response))
                        .build(),
                CallOptions.DEFAULT.withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS),
                request);
    }

    @SuppressWarnings("unchecked")
    private static <M extends Message> Class<M> typeOf(M message) {
        return (Class<M>) message.getClass();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private record Messages<M extends Message>(Class<M> type) implements MethodDescriptor.Marshaller<M> {

        @Override
        public InputStream stream(M message) {
            return message.toByteString().newInput();
        }

        @Override
        public M parse(InputStream content) {
            try {
                return type.cast(Internal.getDefaultInstance(type)
                        .newBuilderForType()
                        .mergeFrom(content)
                        .build());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
