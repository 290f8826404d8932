package dev.culvert.upstream;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.config.UpstreamSettings;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.SocketConnector;
import io.netty.channel.epoll.TunnelSocket;
import io.vertx.core.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Opens connections to the app, each new, each on the client's event loop, each for one upgrade alone. Thread-safe.
 */
public final class UpstreamConnector {
    private final ConnectAttempts<TunnelSocket> attempts;

    /**
     * @param address the app's
     * @param settings the connect timeout, and for how long to try again
     * @param prepare sets a socket that was connected
     */
    public UpstreamConnector(UpstreamAddress address, UpstreamSettings settings, Consumer<TunnelSocket> prepare) {
        this.attempts = new ConnectAttempts<>(
                settings,
                TunnelSocket.class,
                eventLoop -> SocketConnector.connect(eventLoop, address.socketAddress()),
                prepare,
                System::nanoTime);
    }

    /**
     * Connects, again and again while the app accepts no connection, for as long as {@code culvert.upstream.connect-retry}
     * says. The socket has no reader yet.
     *
     * @param eventLoop the client's, on which this is called; the future completes on it
     * @param wanted asked before another try: whether anybody still waits
     * @return fails with a {@link RefusedException}: {@link Refusal#UPSTREAM_REFUSED} or {@link
     *     Refusal#UPSTREAM_CONNECT_TIMEOUT}
     */
    public Future<TunnelSocket> connect(EventLoop eventLoop, BooleanSupplier wanted) {
        return attempts.connect(eventLoop, wanted);
    }
}
