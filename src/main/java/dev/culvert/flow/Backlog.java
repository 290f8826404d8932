package dev.culvert.flow;

import dev.culvert.config.TunnelSettings;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits in this process for slow readers, all together: the one bound that thousands of them share. The more of
 * it is taken, the less a further direction may hold, so that readers who keep up are served whatever the others do. What a
 * direction holds already, it keeps. Thread-safe.
 */
public final class Backlog {
    /** When half of the bound is taken, a direction may hold so much of what is left, which is then divided among many. */
    private static final int SHARES = 512;

    /**
     * A direction always gets this far: it is what a tunnel needs to carry anything, and as many directions as a process may
     * have files take no more of it than the bound once again.
     */
    private static final int LEAST_SHARE = 1 << 10;

    private final long half;
    private final long bound;
    private final AtomicLong held = new AtomicLong();

    /** @param settings the bounds of one direction, and of all */
    public Backlog(TunnelSettings settings) {
        this.half = settings.buffer().asLongValue() / 2;
        this.bound = settings.memory().asLongValue();
    }

    /**
     * Bytes that one direction may write before it looks whether they are taken, and that one read may bring: half of {@code
     * culvert.tunnel.buffer}, or less when half of the bound is taken, but 1 KiB at least. Then a power of two: Netty keeps a
     * cache for each size of buffers that is ever used.
     */
    public long share() {
        long left = bound - held.get();
        if (left - bound / 2 >= half) {
            return half;
        }
        return Math.min(half, Long.highestOneBit(Math.max(LEAST_SHARE, Math.max(left / SHARES, left - bound / 2))));
    }

    /** Bytes were queued for a socket that does not take them, or, negative, it took them. */
    public void add(long bytes) {
        held.addAndGet(bytes);
    }

    /** Whether the bound is reached: not the time for another request. */
    public boolean isFull() {
        return held.get() >= bound;
    }
}
