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
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Opens connections to the app, each new, each on the client's event loop, each for one upgrade alone. Thread-safe.
 */
public final class UpstreamConnector {
    private static final int RETRY_MILLIS = 100;

    private final UpstreamAddress address;
    private final int connectTimeoutMillis;
    private final long retryNanos;
    private final Supplier<RecvByteBufAllocator> reads;
    private final Consumer<Channel> prepare;

    /**
     * @param address the app's
     * @param settings the connect timeout, and for how long to try again
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
        this.retryNanos = settings.connectRetry().toNanos();
        this.reads = reads;
        this.prepare = prepare;
    }

    /**
     * Connects, again and again while the app accepts no connection, for as long as {@code culvert.upstream.connect-retry}
     * says. The channel keeps its other direction when the app ends one.
     *
     * @param eventLoop the client's; the future completes on it
     * @param wanted asked before another try: whether anybody still waits
     * @return fails with a {@link RefusedException}: {@link Refusal#UPSTREAM_REFUSED} or {@link
     *     Refusal#UPSTREAM_CONNECT_TIMEOUT}
     */
    public Future<Channel> connect(EventLoop eventLoop, BooleanSupplier wanted) {
        return connect(eventLoop, wanted, System.nanoTime() + retryNanos);
    }

    private Future<Channel> connect(EventLoop eventLoop, BooleanSupplier wanted, long retryUntil) {
        return connectOnce(eventLoop).recover(fault -> {
            boolean refused =
                    fault instanceof RefusedException refusal && refusal.refusal() == Refusal.UPSTREAM_REFUSED;
            if (!refused || !wanted.getAsBoolean() || System.nanoTime() - retryUntil >= 0) {
                return Future.failedFuture(fault);
            }
            Promise<Channel> later = Promise.promise();
            eventLoop.schedule(
                    () -> connect(eventLoop, wanted, retryUntil).onComplete(later),
                    RETRY_MILLIS,
                    TimeUnit.MILLISECONDS);
            return later.future();
        });
    }

    private Future<Channel> connectOnce(EventLoop eventLoop) {
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
