package dev.culvert.tunnel;

import dev.culvert.CloseReason;
import dev.culvert.config.TunnelSettings;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What ends a tunnel that does not end by itself: idle time, lifetime, and the linger time once it is half closed. A byte
 * costs no more than a look at the clock, and nothing where no silence is watched; a timer that fires early sets itself
 * again for the rest. Event loop only.
 */
final class TunnelTimers {
    /** Tunnels that were opened together, after a deploy, are not to end together. */
    private static final double JITTER = 0.1;

    private final EventExecutor eventLoop;
    private final LongSupplier nanoTime;
    private final Consumer<CloseReason> end;
    private final Duration linger;
    private final @Nullable ScheduledFuture<?> lifetime;
    private Duration silence;
    private CloseReason silent = CloseReason.IDLE;
    private @Nullable ScheduledFuture<?> watch;
    private long lastByte;

    TunnelTimers(EventExecutor eventLoop, TunnelSettings settings, LongSupplier nanoTime, Consumer<CloseReason> end) {
        this.eventLoop = eventLoop;
        this.nanoTime = nanoTime;
        this.end = end;
        this.linger = settings.linger();
        this.silence = settings.idleTimeout();
        this.lifetime =
                settings.maxLifetime().isZero() ? null : schedule(jittered(settings.maxLifetime()), this::outlived);
        watch();
    }

    /** A byte moved. */
    void touch() {
        if (watch != null) {
            lastByte = nanoTime.getAsLong();
        }
    }

    /** From now on silence is measured by the linger time, where that is the shorter one. */
    void halfClosed() {
        if (!linger.isZero() && (silence.isZero() || linger.compareTo(silence) < 0)) {
            silence = linger;
            silent = CloseReason.LINGER;
            watch();
        }
    }

    /** Nothing ends the tunnel from here any more. */
    void stop() {
        cancel(watch);
        cancel(lifetime);
    }

    private void watch() {
        cancel(watch);
        if (!silence.isZero()) {
            lastByte = nanoTime.getAsLong();
            watch = schedule(silence.toNanos(), this::look);
        }
    }

    private void look() {
        long rest = silence.toNanos() - (nanoTime.getAsLong() - lastByte);
        if (rest > 0) {
            watch = schedule(rest, this::look);
        } else {
            end.accept(silent);
        }
    }

    private void outlived() {
        end.accept(CloseReason.LIFETIME);
    }

    private static long jittered(Duration time) {
        return (long) (time.toNanos() * (1 + ThreadLocalRandom.current().nextDouble(-JITTER, JITTER)));
    }

    private ScheduledFuture<?> schedule(long nanos, Runnable action) {
        return eventLoop.schedule(action, nanos, TimeUnit.NANOSECONDS);
    }

    private static void cancel(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
