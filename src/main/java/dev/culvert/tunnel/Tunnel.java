package dev.culvert.tunnel;

import dev.culvert.CloseReason;
import dev.culvert.observation.TunnelInfo;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.TunnelSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Two sockets joined after a 101, from the switch to the one {@link CloseReason} that ends them.
 *
 * <pre>
 * open ──a side ends its stream──► half closed ──the other ends too──► ended: {@link CloseReason#CLIENT_CLOSED}, {@link CloseReason#APP_CLOSED}
 *   │                                   ├──silent for the linger time──► ended: {@link CloseReason#LINGER}
 *   ├──a reset, a timer, {@link #end}──────┴──────────────────────────────► ended: the reason given
 *   └──{@link #leaveAfter}: both sides are told──► leaving ──they end──► ended: {@link CloseReason#DRAINED}
 * </pre>
 *
 * Event loop only, but for {@link #end}.
 */
public final class Tunnel {
    private static final Logger LOG = Logger.getLogger(Tunnel.class);
    private static final String WEBSOCKET = "websocket";

    private final TunnelSocket client;
    private final TunnelSocket app;
    private final TunnelInfo info;
    private final Relay toApp;
    private final Relay toClient;
    private final TunnelTimers timers;
    private final long openedAt;
    private final TunnelRegistry registry;
    private final Runnable onEnd;
    private boolean leaving;
    private @Nullable CloseReason firstEnd;
    private @Nullable CloseReason reason;

    Tunnel(Sides sides, TunnelInfo info, TunnelRegistry registry, Runnable onEnd) {
        this.client = sides.client();
        this.app = sides.app();
        this.info = info;
        this.registry = registry;
        this.openedAt = registry.nanoTime().getAsLong();
        this.onEnd = onEnd;
        boolean webSocket = info.protocol().equalsIgnoreCase(WEBSOCKET);
        this.toApp = new Relay(client, app, this, registry.flow(), webSocket ? new WebSocketFrames(true) : null);
        this.toClient = new Relay(app, client, this, registry.flow(), webSocket ? new WebSocketFrames(false) : null);
        this.timers = new TunnelTimers(client.eventLoop(), registry.settings(), registry.nanoTime(), this::end);
    }

    /** Reads from the client. */
    Relay toApp() {
        return toApp;
    }

    /** Reads from the app. */
    Relay toClient() {
        return toClient;
    }

    /** Who and what this tunnel is. */
    public TunnelInfo info() {
        return info;
    }

    /** How long the tunnel has been open. */
    public Duration age() {
        return Duration.ofNanos(registry.nanoTime().getAsLong() - openedAt);
    }

    /**
     * Ends the tunnel, from any thread: what is queued for a socket that takes it at once still goes out, then both are
     * closed. The first reason counts.
     */
    public void end(CloseReason why) {
        EventLoop eventLoop = client.eventLoop();
        if (eventLoop.inEventLoop()) {
            close(why);
        } else {
            eventLoop.execute(() -> close(why));
        }
    }

    /**
     * Asks both sides to end the tunnel, after a delay and from any thread: WebSockets by a Close frame each, other protocols
     * by the end of their streams. A tunnel that ends by itself is left alone. From then on it ends as {@link
     * CloseReason#DRAINED}, however its sides take it.
     */
    void leaveAfter(long nanos) {
        client.eventLoop().schedule(this::leave, nanos, TimeUnit.NANOSECONDS);
    }

    private void leave() {
        if (reason == null && !leaving && !toApp.isEnding() && !toClient.isEnding()) {
            leaving = true;
            toClient.leave();
            toApp.leave();
        }
    }

    /** A byte moved. */
    void touch() {
        timers.touch();
    }

    /** One side ended its stream; the other lives on. */
    void halfClosed(Relay relay) {
        if (firstEnd == null) {
            firstEnd = relay == toApp ? CloseReason.CLIENT_CLOSED : CloseReason.APP_CLOSED;
        }
        closeFinished();
    }

    /** Whether the other direction is over, so that with this one the tunnel ends. */
    boolean endsWith(Relay relay) {
        return firstEnd != null && (relay == toApp ? toClient : toApp).isOver();
    }

    /**
     * A side was told of the end, or answered ours with its own; with both, nothing is left to carry. The linger time begins
     * only now: until then there are bytes before that end which wait for a reader, and it may pause.
     */
    void directionDone() {
        if (reason == null && (toApp.isOver() || toClient.isOver())) {
            timers.halfClosed();
        }
        if (toApp.isOver() && toClient.isOver() && firstEnd != null) {
            close(firstEnd);
        } else {
            closeFinished();
        }
    }

    /** A socket with nothing left to read or write goes, though the other still has bytes to take. */
    private void closeFinished() {
        if (isFinished(toApp)) {
            client.close();
        }
        if (isFinished(toClient)) {
            app.close();
        }
    }

    /** Whether the relay's source sent its end, and got the other side's. */
    private boolean isFinished(Relay relay) {
        return relay.sourceEnded() && (relay == toApp ? toClient : toApp).isDone();
    }

    /** A socket is gone. Unless both of its directions had ended, that is a reset. */
    void vanished(Relay relay) {
        if (reason == null && !isFinished(relay)) {
            reset(relay);
        }
    }

    /** A fault on the relay's source: most often the peer's reset, seen on a read or on a write. */
    void failed(Relay relay, Throwable cause) {
        if (reason != null) {
            return;
        }
        if (cause instanceof IOException) {
            reset(relay);
            return;
        }
        LOG.errorf("A tunnel failed: %s", cause);
        LOG.debug("A tunnel failed", cause);
        client.closeWithReset();
        app.closeWithReset();
        close(CloseReason.ERROR);
    }

    /** RFC 9293 §3.5.2 has no other word for "what you sent did not all arrive": a reset is passed on as one. */
    private void reset(Relay relay) {
        if (!leaving) {
            (relay == toApp ? app : client).closeWithReset();
        }
        close(relay == toApp ? CloseReason.CLIENT_RESET : CloseReason.APP_RESET);
    }

    private void close(CloseReason why) {
        if (reason != null) {
            return;
        }
        reason = leaving && why != CloseReason.DRAIN_DEADLINE && why != CloseReason.ERROR ? CloseReason.DRAINED : why;
        timers.stop();
        toClient.flush();
        toApp.flush();
        client.close();
        app.close();
        registry.ended(this, reason);
        onEnd.run();
    }
}
