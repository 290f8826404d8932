package io.netty.channel.epoll;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.Descriptors;
import io.netty.util.AttributeKey;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How a socket leaves its channel and becomes a {@link TunnelSocket}, without its peer's knowing. */
public final class SocketTakeover {
    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(SocketTakeover.class);
    private static final AttributeKey<TunnelSocket> SUCCESSOR = AttributeKey.valueOf(TunnelSocket.class, "successor");

    private SocketTakeover() {}

    /**
     * Takes the socket of a channel, and what it has not sent yet. The channel is closed without its peer's knowing; what its
     * handlers hold is still theirs. Where it was closed already, so is the socket, whose reader does not hear of it.
     *
     * @param from a stream's, on an event loop of epoll, on which this is called
     * @param ended whether the peer's stream has ended already
     * @throws IllegalAccessError where Netty was loaded by another class loader than Culvert, as in Quarkus' dev mode
     */
    public static TunnelSocket of(Channel from, boolean ended) {
        AbstractEpollChannel old = (AbstractEpollChannel) from;
        EpollEventLoop eventLoop = (EpollEventLoop) old.eventLoop();
        if (!old.isOpen()) {
            TunnelSocket closed = new TunnelSocket(old.socket, eventLoop, ended);
            closed.close();
            return closed;
        }
        TunnelSocket socket = new TunnelSocket(new LinuxSocket(old.socket.intValue()), eventLoop, ended);
        leave(eventLoop, old);
        Descriptors.take(old.socket);
        try {
            takeOver(old, socket);
        } finally {
            if (!socket.isRegistered()) {
                socket.close();
            }
        }
        return socket;
    }

    private static void leave(EpollEventLoop eventLoop, AbstractEpollChannel channel) {
        try {
            eventLoop.remove(channel);
        } catch (IOException unknown) {
            LOG.debug("A socket was not its event loop's", unknown);
        }
    }

    private static void takeOver(AbstractEpollChannel old, TunnelSocket socket) {
        moveQueue(old.unsafe().outboundBuffer(), socket);
        old.attr(SUCCESSOR).set(socket);
        old.unsafe().close(old.unsafe().voidPromise());
        socket.unsafe().register(socket.eventLoop(), socket.unsafe().voidPromise());
    }

    /** Completes when a connection is closed: that of the channel, or of the socket that took it over. Any thread. */
    public static void whenClosed(Channel connection, Runnable action) {
        connection.closeFuture().addListener(closed -> {
            TunnelSocket successor = connection.attr(SUCCESSOR).get();
            if (successor == null) {
                action.run();
            } else {
                successor.closeFuture().addListener(both -> action.run());
            }
        });
    }

    /** As much as was not sent of what was written, flushed or not. */
    private static void moveQueue(@Nullable ChannelOutboundBuffer queue, TunnelSocket socket) {
        if (queue == null) {
            return; // its output is shut down
        }
        queue.addFlush();
        for (Object message = queue.current(); message != null; message = queue.current()) {
            socket.write(((ByteBuf) message).retain(), socket.unsafe().voidPromise());
            queue.remove();
        }
    }
}
