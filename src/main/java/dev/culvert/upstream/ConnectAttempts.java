package dev.culvert.upstream;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.config.UpstreamSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tries to connect, each time for as long as {@code culvert.upstream.connect-timeout} says, and again and again while the app
 * accepts no connection, for as long as {@code culvert.upstream.connect-retry} says. Thread-safe.
 */
final class ConnectAttempts<C extends Channel> {
    /** Begins to connect a channel, on the event loop on which the future completes. */
    interface Opening {
        /**
         * Begins.
         *
         * @throws IOException where there is nothing to connect
         */
        ChannelFuture begin(EventLoop eventLoop) throws IOException;
    }

    private static final int RETRY_MILLIS = 100;

    private final long timeoutNanos;
    private final long retryNanos;
    private final Class<C> channels;
    private final Opening opening;
    private final Consumer<C> prepare;
    private final LongSupplier nanoTime;

    /**
     * @param channels what is opened
     * @param prepare sets a channel that was connected
     * @param nanoTime the clock, nanoseconds from any start
     */
    ConnectAttempts(
            UpstreamSettings settings, Class<C> channels, Opening opening, Consumer<C> prepare, LongSupplier nanoTime) {
        this.timeoutNanos = settings.connectTimeout().toNanos();
        this.retryNanos = settings.connectRetry().toNanos();
        this.channels = channels;
        this.opening = opening;
        this.prepare = prepare;
        this.nanoTime = nanoTime;
    }

    /**
     * Connects, by the end of this turn at the soonest: a unix socket does at once, and whoever asks has not done yet.
     *
     * @param eventLoop on which this is called and the future completes
     * @param wanted asked before another try: whether anybody still waits
     * @return fails with a {@link RefusedException}: {@link Refusal#UPSTREAM_REFUSED} or {@link
     *     Refusal#UPSTREAM_CONNECT_TIMEOUT}
     */
    Future<C> connect(EventLoop eventLoop, BooleanSupplier wanted) {
        Attempts attempts = new Attempts(eventLoop, wanted, nanoTime.getAsLong() + retryNanos);
        eventLoop.execute(attempts::next);
        return attempts.connected.future();
    }

    /** All for one client. Event loop only. */
    private final class Attempts {
        private final Promise<C> connected = Promise.promise();
        private final EventLoop eventLoop;
        private final BooleanSupplier wanted;
        private final long retryUntil;

        Attempts(EventLoop eventLoop, BooleanSupplier wanted, long retryUntil) {
            this.eventLoop = eventLoop;
            this.wanted = wanted;
            this.retryUntil = retryUntil;
        }

        void next() {
            ChannelFuture connecting;
            try {
                connecting = opening.begin(eventLoop);
            } catch (IOException nothing) {
                refused();
                return;
            }
            ScheduledFuture<?> timeout =
                    eventLoop.schedule(() -> late(connecting.channel()), timeoutNanos, TimeUnit.NANOSECONDS);
            connecting.addListener((ChannelFuture done) -> {
                timeout.cancel(false);
                if (done.isSuccess()) {
                    C app = channels.cast(done.channel());
                    prepare.accept(app);
                    connected.complete(app);
                } else if (!connected.future().isComplete()) { // else it was late, and closed for that
                    refused();
                }
            });
        }

        private void late(Channel app) {
            connected.fail(new RefusedException(
                    Refusal.UPSTREAM_CONNECT_TIMEOUT, "the app did not accept the connection in time"));
            app.close();
        }

        private void refused() {
            if (wanted.getAsBoolean() && nanoTime.getAsLong() - retryUntil < 0) {
                eventLoop.schedule(this::next, RETRY_MILLIS, TimeUnit.MILLISECONDS);
            } else {
                connected.fail(new RefusedException(Refusal.UPSTREAM_REFUSED, "the app accepts no connection"));
            }
        }
    }
}
