package dev.culvert.upstream;

import dev.culvert.config.UpstreamSettings;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.SocketConnector;
import io.netty.channel.epoll.TunnelSocket;
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
     * says.
     *
     * @param eventLoop the client's, on which this is called, and the listener
     * @param listener told once, by the end of this turn at the soonest
     */
    public void connect(EventLoop eventLoop, ConnectListener<TunnelSocket> listener) {
        attempts.connect(eventLoop, listener);
    }
}
