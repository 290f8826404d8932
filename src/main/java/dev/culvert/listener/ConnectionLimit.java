package dev.culvert.listener;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Client connections at once. At the limit accepting pauses, and further clients wait in the kernel's queue; the burst that
 * was being accepted in that moment is still served, since a connection counts when its event loop takes it. Thread-safe.
 */
final class ConnectionLimit {
    private final int limit;
    private final AtomicInteger open = new AtomicInteger();

    /** @param limit 0 for none */
    ConnectionLimit(int limit) {
        this.limit = limit;
    }

    /** Counts an accepted connection until it closes. */
    void accepted(Channel client) {
        if (limit == 0) {
            return;
        }
        accepting(client.parent(), open.incrementAndGet());
        client.closeFuture().addListener(closed -> accepting(client.parent(), open.decrementAndGet()));
    }

    private void accepting(Channel listener, int connections) {
        listener.config().setAutoRead(connections < limit);
    }
}
