package dev.culvert.admission;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.config.LimitSettings;
import dev.culvert.config.UpgradeSettings;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Who may open a tunnel now. Thread-safe: every event loop asks the same one. */
public final class Admission {
    private final int limit;
    private final Origins origins;
    private final BooleanSupplier memoryFull;
    private final AtomicInteger permits = new AtomicInteger();
    private volatile boolean closed;

    /** @param memoryFull whether slow readers hold as much memory as all together may */
    public Admission(LimitSettings limits, UpgradeSettings upgrades, BooleanSupplier memoryFull) {
        this.memoryFull = memoryFull;
        this.limit = limits.tunnels();
        this.origins = new Origins(upgrades.origins().orElse(List.of()));
    }

    /**
     * Asks for room for one tunnel, its handshake included.
     *
     * @return to be released when the handshake failed or the tunnel ended
     * @throws RefusedException when there is no room, the Origin is not allowed, or the process is on its way out
     */
    public Permit admit(HttpRequest request) {
        if (closed) {
            throw new RefusedException(Refusal.DRAINING, "shutting down");
        }
        if (!origins.allow(request.headers().getAll(HttpHeaderNames.ORIGIN))) {
            throw new RefusedException(Refusal.ORIGIN, "this origin may not open a tunnel");
        }
        int taken = permits.incrementAndGet();
        if (limit > 0 && taken > limit) {
            permits.decrementAndGet();
            throw new RefusedException(Refusal.TUNNEL_LIMIT, "as many tunnels as there may be");
        }
        return new Permit();
    }

    /**
     * Asks whether this is the time for a request of whatever kind.
     *
     * @throws RefusedException while slow readers hold as much memory as all together may
     */
    public void checkMemory() {
        if (memoryFull.getAsBoolean()) {
            throw new RefusedException(Refusal.MEMORY, "too much waits for slow readers");
        }
    }

    /** Admits nothing from now on. */
    public void close() {
        closed = true;
    }

    /** Whether upgrades are admitted at all. */
    public boolean isOpen() {
        return !closed;
    }

    /** Permits that are out: tunnels and handshakes. */
    public int permits() {
        return permits.get();
    }

    /** Room for one tunnel. Releasing it again and again gives back one place. */
    public final class Permit {
        private final AtomicBoolean released = new AtomicBoolean();

        private Permit() {}

        /** Gives the place back. */
        public void release() {
            if (released.compareAndSet(false, true)) {
                permits.decrementAndGet();
            }
        }
    }
}
