package dev.culvert.upstream;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.config.UpstreamSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
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
     * Connects, by the end of this turn at the soonest: on this host it is done at once, and whoever asks has not done yet.
     *
     * @param eventLoop on which this is called, and the listener
     * @param listener told once
     */
    void connect(EventLoop eventLoop, ConnectListener<C> listener) {
        eventLoop.execute(new Attempts(eventLoop, listener, nanoTime.getAsLong() + retryNanos));
    }

    /** All for one client. Event loop only. */
    private final class Attempts implements Runnable {
        private final EventLoop eventLoop;
        private final ConnectListener<C> listener;
        private final long retryUntil;
        private boolean late;

        Attempts(EventLoop eventLoop, ConnectListener<C> listener, long retryUntil) {
            this.eventLoop = eventLoop;
            this.listener = listener;
            this.retryUntil = retryUntil;
        }

        /** One of them. */
        @Override
        public void run() {
            ChannelFuture connecting;
            try {
                connecting = opening.begin(eventLoop);
            } catch (IOException nothing) {
                refused();
                return;
            }
            if (connecting.isDone()) { // on this host most are
                done(connecting);
                return;
            }
            ScheduledFuture<?> timeout =
                    eventLoop.schedule(() -> late(connecting.channel()), timeoutNanos, TimeUnit.NANOSECONDS);
            connecting.addListener((ChannelFuture done) -> {
                timeout.cancel(false);
                done(done);
            });
        }

        private void done(ChannelFuture connecting) {
            if (connecting.isSuccess()) {
                C app = channels.cast(connecting.channel());
                prepare.accept(app);
                listener.connected(app);
            } else if (!late) { // else it was closed for that
                refused();
            }
        }

        private void late(Channel app) {
            late = true;
            app.close();
            listener.failed(new RefusedException(
                    Refusal.UPSTREAM_CONNECT_TIMEOUT, "the app did not accept the connection in time"));
        }

        private void refused() {
            if (listener.isWaiting() && nanoTime.getAsLong() - retryUntil < 0) {
                eventLoop.schedule(this, RETRY_MILLIS, TimeUnit.MILLISECONDS);
            } else {
                listener.failed(new RefusedException(Refusal.UPSTREAM_REFUSED, "the app accepts no connection"));
            }
        }
    }
}
