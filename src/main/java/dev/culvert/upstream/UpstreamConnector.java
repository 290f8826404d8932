package dev.culvert.upstream;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.config.UpstreamSettings;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Opens connections to the app, each new, each on the client's event loop, each for one upgrade alone. Thread-safe.
 */
public final class UpstreamConnector {
    private final UpstreamAddress address;
    private final int connectTimeoutMillis;
    private final Supplier<RecvByteBufAllocator> reads;
    private final Consumer<Channel> prepare;

    /**
     * @param address the app's
     * @param settings the connect timeout
     * @param reads bounds what one read takes from the app's socket
     * @param prepare sets a socket that may become one side of a tunnel
     */
    public UpstreamConnector(
            UpstreamAddress address,
            UpstreamSettings settings,
            Supplier<RecvByteBufAllocator> reads,
            Consumer<Channel> prepare) {
        this.address = address;
        this.connectTimeoutMillis = Math.toIntExact(settings.connectTimeout().toMillis());
        this.reads = reads;
        this.prepare = prepare;
    }

    /**
     * Connects. The channel keeps its other direction when the app ends one.
     *
     * @param eventLoop the client's; the future completes on it
     * @return fails with a {@link RefusedException}: {@link Refusal#UPSTREAM_REFUSED} or {@link
     *     Refusal#UPSTREAM_CONNECT_TIMEOUT}
     */
    public Future<Channel> connect(EventLoop eventLoop) {
        Bootstrap bootstrap = new Bootstrap()
                .group(eventLoop)
                .channelFactory(() -> channel(eventLoop))
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectTimeoutMillis)
                .option(ChannelOption.RCVBUF_ALLOCATOR, reads.get())
                .handler(new ChannelInboundHandlerAdapter()); // a bootstrap insists on one; the exchange comes later
        Promise<Channel> promise = Promise.promise();
        bootstrap.connect(address.socketAddress()).addListener((ChannelFuture done) -> {
            if (done.isSuccess()) {
                prepare.accept(done.channel());
                promise.complete(done.channel());
            } else {
                promise.fail(refusal(done.cause()));
            }
        });
        return promise.future();
    }

    /** Factories, not classes: a class would be instantiated by reflection, which a native image has not. */
    private Channel channel(EventLoop eventLoop) {
        if (eventLoop instanceof EpollEventLoop) {
            return address.isUnixSocket() ? new EpollDomainSocketChannel() : new EpollSocketChannel();
        }
        return new NioSocketChannel();
    }

    private static RefusedException refusal(Throwable cause) {
        return cause instanceof ConnectTimeoutException
                ? new RefusedException(
                        Refusal.UPSTREAM_CONNECT_TIMEOUT, "the app did not accept the connection in time")
                : new RefusedException(Refusal.UPSTREAM_REFUSED, "the app accepts no connection");
    }
}
