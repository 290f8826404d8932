package dev.culvert.upstream;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.config.UpstreamSettings;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Opens connections to the app, each new, each on the client's event loop, each for one upgrade alone. Thread-safe.
 */
public final class UpstreamConnector {
    private static final int RETRY_MILLIS = 100;

    private final UpstreamAddress address;
    private final long connectTimeoutNanos;
    private final long retryNanos;
    private final Consumer<Channel> bound;
    private final Consumer<Channel> prepare;
    private final Supplier<Channel> channels;
    private final LongSupplier nanoTime;

    /**
     * @param address the app's
     * @param settings the connect timeout, and for how long to try again
     * @param bound bounds what one read takes from the app's socket, which is not open yet
     * @param prepare sets a socket that may become one side of a tunnel
     */
    public UpstreamConnector(
            UpstreamAddress address, UpstreamSettings settings, Consumer<Channel> bound, Consumer<Channel> prepare) {
        this(address, settings, bound, prepare, () -> channel(address), System::nanoTime);
    }

    /**
     * @param channels makes a channel for an event loop
     * @param nanoTime the clock, nanoseconds from any start
     */
    UpstreamConnector(
            UpstreamAddress address,
            UpstreamSettings settings,
            Consumer<Channel> bound,
            Consumer<Channel> prepare,
            Supplier<Channel> channels,
            LongSupplier nanoTime) {
        this.address = address;
        this.connectTimeoutNanos = settings.connectTimeout().toNanos();
        this.retryNanos = settings.connectRetry().toNanos();
        this.bound = bound;
        this.prepare = prepare;
        this.channels = channels;
        this.nanoTime = nanoTime;
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
        return connect(eventLoop, wanted, nanoTime.getAsLong() + retryNanos);
    }

    private Future<Channel> connect(EventLoop eventLoop, BooleanSupplier wanted, long retryUntil) {
        return connectOnce(eventLoop).recover(fault -> {
            boolean refused =
                    fault instanceof RefusedException refusal && refusal.refusal() == Refusal.UPSTREAM_REFUSED;
            if (!refused || !wanted.getAsBoolean() || nanoTime.getAsLong() - retryUntil >= 0) {
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
        Promise<Channel> promise = Promise.promise();
        ChannelFuture connecting = bootstrap(eventLoop).connect(address.socketAddress());
        ScheduledFuture<?> timeout = eventLoop.schedule(
                () -> late(connecting.channel(), promise), connectTimeoutNanos, TimeUnit.NANOSECONDS);
        connecting.addListener((ChannelFuture done) -> {
            timeout.cancel(false);
            if (done.isSuccess()) {
                prepare.accept(done.channel());
                promise.complete(done.channel());
            } else {
                promise.tryFail(new RefusedException(Refusal.UPSTREAM_REFUSED, "the app accepts no connection"));
            }
        });
        return promise.future();
    }

    private Bootstrap bootstrap(EventLoop eventLoop) {
        return new Bootstrap()
                .group(eventLoop)
                .channelFactory(this::unopened)
                .disableResolver() // the address was looked up at the start
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0) // ours runs on the clock that tests can turn
                .handler(new ChannelInboundHandlerAdapter()); // a bootstrap insists on one; the exchange comes later
    }

    private Channel unopened() {
        Channel app = channels.get();
        bound.accept(app);
        return app;
    }

    private static void late(Channel app, Promise<Channel> promise) {
        promise.fail(new RefusedException(
                Refusal.UPSTREAM_CONNECT_TIMEOUT, "the app did not accept the connection in time"));
        app.close();
    }

    /** Factories, not classes: a class would be instantiated by reflection, which a native image has not. */
    private static Channel channel(UpstreamAddress address) {
        if (address.isUnixSocket()) {
            return new EpollDomainSocketChannel();
        }
        return isIpv4(address) ? new EpollSocketChannel(InternetProtocolFamily.IPv4) : new EpollSocketChannel();
    }

    /** A socket for both families is the dearer one, for the kernel too. */
    private static boolean isIpv4(UpstreamAddress address) {
        return address.socketAddress() instanceof InetSocketAddress app && app.getAddress() instanceof Inet4Address;
    }
}
