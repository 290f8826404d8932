package dev.culvert.flow;

import dev.culvert.config.TunnelSettings;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What all sockets share: one bound for what waits, and on each event loop the reads and sends of its turn. Thread-safe. */
public final class Flow {
    private final Backlog backlog;
    private final Map<EventLoop, Turn> turns = new ConcurrentHashMap<>();

    /** @param settings the bounds of one direction, and of all */
    public Flow(TunnelSettings settings) {
        this.backlog = new Backlog(settings);
    }

    /** What waits for slow readers. */
    public Backlog backlog() {
        return backlog;
    }

    /** What is read and sent in an event loop's turns, to be used on it. */
    public Turn turn(EventLoop eventLoop) {
        return turns.computeIfAbsent(eventLoop, Turn::of);
    }
}
