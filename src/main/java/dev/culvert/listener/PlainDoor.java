package dev.culvert.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.SocketTakeover;
import java.util.Map;

/**
 * The way to the HTTP server for a connection whose first request is a plain one: it becomes a channel, as that server would have
 * accepted it. Any thread; each connection on its event loop.
 *
 * @param server the HTTP server's own initializer of an accepted channel
 * @param options what that server sets for one
 */
record PlainDoor(Rooms rooms, ChannelHandler server, Map<ChannelOption<?>, Object> options) {
    /**
     * Opens the channel.
     *
     * @param client whose socket is the channel's from now on
     * @return what its decoder gives everything to
     */
    PlainInput open(ClientSocket client) {
        Channel channel = SocketTakeover.channelOf(client.socket(), client.peer());
        try {
            return open(channel, client);
        } catch (RuntimeException | Error fault) {
            channel.unsafe().closeForcibly();
            throw fault;
        }
    }

    private PlainInput open(Channel channel, ClientSocket client) {
        options.forEach((option, value) -> set(channel.config(), option, value));
        PlainInput input = new PlainInput(rooms, client.decoder(), client.peer());
        client.decoder().setTaker(input);
        channel.pipeline().addLast(input, server);
        ChannelFuture registered = client.socket().eventLoop().register(channel);
        if (!channel.isRegistered()) {
            throw new IllegalStateException("a channel that epoll does not take", registered.cause());
        }
        return input;
    }

    @SuppressWarnings("unchecked") // whoever put the value there had its type
    private static <T> void set(ChannelConfig config, ChannelOption<T> option, Object value) {
        config.setOption(option, (T) value);
    }
}
