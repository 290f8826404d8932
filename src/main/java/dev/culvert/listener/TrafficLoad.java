package dev.culvert.listener;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** What is under way besides tunnels, for whoever has to know when nothing is. Thread-safe. */
final class TrafficLoad {
    private final LongSupplier nanoTime;
    private final AtomicInteger plainExchanges = new AtomicInteger();
    private final AtomicLong lastRequest;

    /** @param nanoTime the clock, nanoseconds from any start */
    TrafficLoad(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastRequest = new AtomicLong(nanoTime.getAsLong());
    }

    /** A request came, of whatever kind. */
    void requested() {
        lastRequest.lazySet(nanoTime.getAsLong());
    }

    /** A plain request is on its way to the app. */
    void exchangeBegan() {
        plainExchanges.incrementAndGet();
    }

    /** Its answer is out, or its connection is gone. */
    void exchangeEnded() {
        plainExchanges.decrementAndGet();
    }

    /** Plain requests without their whole answer. */
    int plainExchanges() {
        return plainExchanges.get();
    }

    /** Nanoseconds since the last request came, or since the start. */
    long nanosSinceLastRequest() {
        return nanoTime.getAsLong() - lastRequest.get();
    }
}
