package dev.culvert.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;

/**
 * What an accepted connection begins with: our decoder and our route, which decides who else is needed. Most of an HTTP
 * server's handlers would be made for an upgrade in vain. Stands where the HTTP server had put its own initializer. Any thread.
 */
final class ClientInitializer extends ChannelInitializer<Channel> {
    private final Rooms rooms;
    private final ChannelHandler server;

    /** @param server the HTTP server's own initializer, for the first plain request of a connection */
    ClientInitializer(Rooms rooms, ChannelHandler server) {
        this.rooms = rooms;
        this.server = server;
    }

    @Override
    protected void initChannel(Channel client) {
        rooms.sockets().boundReads(client);
        GuardedRequestDecoder decoder = new GuardedRequestDecoder(
                rooms.settings().limits(), rooms.sockets().heldEarly());
        client.pipeline().addLast(decoder, new RequestRoute(rooms, client, decoder, server));
    }
}
