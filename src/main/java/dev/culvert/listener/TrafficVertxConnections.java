package dev.culvert.listener;

import dev.culvert.plain.BelowVertx;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Touches {@code io.vertx.core.net.impl} for a connection's channel, and {@code io.vertx.core.http.impl} for the time that a
 * connection to the app may be idle, which the app has a say in (Keep-Alive); checked with Vert.x 4.5.28.
 */
final class TrafficVertxConnections implements BelowVertx {
    @Override
    public Channel channel(HttpConnection connection) {
        return ((ConnectionBase) connection).channel();
    }

    @Override
    public boolean isOverdue(HttpConnection connection) {
        return !((HttpClientConnection) connection).isValid();
    }
}
