package dev.culvert.guard;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clock of a connection while it carries no request: how long a head may take from its first byte (from the accept for
 * the first), and how long the connection may wait for the next one. Without it, a client that sends a byte a minute holds a
 * connection for ever, since the HTTP server behind has no such limit.
 *
 * <p>Event loop only. At most one timer is pending.
 */
public final class HeaderDeadline {
    private final EventExecutor eventLoop;
    private final Duration headerTimeout;
    private final Duration idleTimeout;
    private final Runnable late;
    private final Runnable idle;
    private @Nullable ScheduledFuture<?> pending;
    private boolean headBegun;

    /**
     * @param eventLoop the connection's
     * @param headerTimeout for a head
     * @param idleTimeout between two requests; zero is for ever
     * @param late runs when a head was not complete in time
     * @param idle runs when no head began in time
     */
    public HeaderDeadline(
            EventExecutor eventLoop, Duration headerTimeout, Duration idleTimeout, Runnable late, Runnable idle) {
        this.eventLoop = eventLoop;
        this.headerTimeout = headerTimeout;
        this.idleTimeout = idleTimeout;
        this.late = late;
        this.idle = idle;
    }

    /** A head is due: the connection was accepted. */
    public void headDue() {
        schedule(late, headerTimeout);
    }

    /** A byte of a head came; the first one starts the clock, the others change nothing. */
    public void headByte() {
        if (!headBegun) {
            headDue();
            headBegun = true;
        }
    }

    /** The last exchange ended, and the client owes us nothing. */
    public void waiting() {
        stop();
        if (!idleTimeout.isZero()) {
            schedule(idle, idleTimeout);
        }
    }

    /** A head is complete, or the connection is done with requests. */
    public void stop() {
        headBegun = false;
        if (pending != null) {
            pending.cancel(false);
            pending = null;
        }
    }

    private void schedule(Runnable action, Duration after) {
        stop();
        pending = eventLoop.schedule(action, after.toNanos(), TimeUnit.NANOSECONDS);
    }
}
