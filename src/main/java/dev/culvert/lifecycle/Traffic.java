package dev.culvert.lifecycle;

import dev.culvert.config.Settings;
import dev.culvert.listener.TrafficListener;
import io.vertx.core.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This process' traffic plane, begun once: by {@link Main} and before the framework, whose own start takes twice as long and is
 * nothing that a client has to wait for. Thread-safe.
 *
 * @param listener carries the traffic
 * @param bound completes when its port is open, or cannot be
 */
record Traffic(TrafficListener listener, Future<Void> bound) {
    private static @Nullable Traffic begun;

    /**
     * Begins, unless it has begun.
     *
     * @param settings asked for when it begins here
     * @throws IllegalArgumentException when the app's host is not known
     * @throws IllegalStateException where there is no epoll
     */
    static synchronized Traffic begin(Supplier<Settings> settings) {
        Traffic traffic = begun;
        if (traffic == null) {
            TrafficListener listener = new TrafficListener(settings.get());
            traffic = new Traffic(listener, listener.start());
            begun = traffic;
        }
        return traffic;
    }
}
