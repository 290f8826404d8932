package dev.culvert.plain;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;

/** What lies below a connection of Vert.x and has no public name there. Event loop only: the connection's. */
public interface BelowVertx {
    /** The Netty channel of a connection. */
    Channel channel(HttpConnection connection);

    /** Whether a connection to the app, if it is idle, has been so for longer than it is to be kept. */
    boolean isOverdue(HttpConnection connection);
}
