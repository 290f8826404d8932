package dev.culvert.tunnel;

import dev.culvert.CloseReason;
import dev.culvert.config.TunnelSettings;
import dev.culvert.flow.Flow;
import dev.culvert.observation.AccessLog;
import dev.culvert.observation.TunnelInfo;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The tunnels that are open. Thread-safe. */
public final class TunnelRegistry {
    private final Set<Tunnel> open = ConcurrentHashMap.newKeySet();
    private final TunnelSettings settings;
    private final Flow flow;
    private final AccessLog log;
    private final LongSupplier nanoTime;
    private volatile @Nullable Drain drain;

    /**
     * @param settings timers of every tunnel
     * @param flow their bytes have part in it
     * @param log gets a line for each tunnel's beginning and end
     * @param nanoTime the clock, nanoseconds from any start
     */
    public TunnelRegistry(TunnelSettings settings, Flow flow, AccessLog log, LongSupplier nanoTime) {
        this.settings = settings;
        this.flow = flow;
        this.log = log;
        this.nanoTime = nanoTime;
    }

    /**
     * Joins two sockets of one event loop, on which this is called. {@link Takeover#join} puts the relays on them.
     *
     * @param onEnd runs once when the tunnel has ended
     */
    Tunnel open(Sides sides, TunnelInfo info, Runnable onEnd) {
        Tunnel tunnel = new Tunnel(sides, info, this, onEnd);
        open.add(tunnel);
        log.tunnelOpened(info);
        Drain begun = drain;
        if (begun != null) {
            begun.ask(tunnel);
        }
        return tunnel;
    }

    /** Timers of every tunnel. */
    TunnelSettings settings() {
        return settings;
    }

    /** What every tunnel's bytes have part in. */
    Flow flow() {
        return flow;
    }

    /** Every tunnel's clock, nanoseconds from any start. */
    LongSupplier nanoTime() {
        return nanoTime;
    }

    /** How many tunnels are open. */
    public int size() {
        return open.size();
    }

    /**
     * Asks every tunnel to end, those that are open now and those whose handshakes are under way, each at a moment of its
     * own: clients that were asked together would come back together.
     *
     * @param spread over how long, from now
     */
    public void drain(Duration spread) {
        Drain begun = new Drain(nanoTime, nanoTime.getAsLong() + spread.toNanos());
        drain = begun;
        open.forEach(begun::ask);
    }

    /** Ends every tunnel that is open now. */
    public void endAll(CloseReason reason) {
        open.forEach(tunnel -> tunnel.end(reason));
    }

    void ended(Tunnel tunnel, CloseReason reason) {
        open.remove(tunnel);
        log.tunnelClosed(
                tunnel.info(),
                tunnel.age(),
                tunnel.toApp().bytes(),
                tunnel.toClient().bytes(),
                reason);
    }

    /** Asks tunnels to leave until a moment of the clock. A tunnel may be asked twice. */
    private record Drain(LongSupplier nanoTime, long until) {
        void ask(Tunnel tunnel) {
            long left = until - nanoTime.getAsLong();
            tunnel.leaveAfter(left > 0 ? ThreadLocalRandom.current().nextLong(left) : 0);
        }
    }
}
