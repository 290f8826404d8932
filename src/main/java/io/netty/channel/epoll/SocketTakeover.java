package io.netty.channel.epoll;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.Descriptors;
import io.netty.util.AttributeKey;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a descriptor changes hands, between a channel and a {@link TunnelSocket}, without its peer's knowing: the old owner leaves
 * its event loop and is closed, without any effect on what is no longer its own. All within one call, between two looks at epoll:
 * nothing is read in between, and what the kernel has is reported anew. Event loop only.
 */
public final class SocketTakeover {
    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(SocketTakeover.class);
    private static final AttributeKey<Channel> SUCCESSOR = AttributeKey.valueOf(SocketTakeover.class, "successor");

    private SocketTakeover() {}

    /**
     * Takes the socket of a channel, and what it has not sent yet, which waits for a flush. What the channel's handlers hold is
     * still theirs. Where it was closed already, so is the socket, whose reader does not hear of it.
     *
     * @param from a stream's, on an event loop of epoll; while it reads, its reading must be off; never while it sends
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
        leave(old);
        try {
            old.attr(SUCCESSOR).set(socket); // before a promise of the queue closes the channel
            moveQueue(old.unsafe().outboundBuffer(), socket);
            old.unsafe().close(old.unsafe().voidPromise());
            socket.register();
        } catch (IOException full) {
            LOG.debug("A socket could not be taken over", full);
        } finally {
            if (!socket.isRegistered()) {
                socket.close();
            }
        }
        return socket;
    }

    /**
     * A channel with the descriptor of a socket, to be registered with the same event loop within this call. Nothing of what is
     * written to the socket may wait.
     *
     * @param from open
     * @param peer whose connection it is
     */
    @SuppressWarnings("NullAway") // Netty's own channels have no parent either when they were not accepted
    public static Channel channelOf(TunnelSocket from, InetSocketAddress peer) {
        Channel channel = new EpollSocketChannel(null, new LinuxSocket(from.socket.intValue()), peer);
        from.attr(SUCCESSOR).set(channel);
        leave(from);
        from.close();
        return channel;
    }

    /** The channel's event loop forgets it, and its descriptor is no longer its own. */
    static void leave(AbstractEpollChannel channel) {
        try {
            ((EpollEventLoop) channel.eventLoop()).remove(channel);
        } catch (IOException unknown) {
            LOG.debug("A socket was not its event loop's", unknown);
        }
        Descriptors.take(channel.socket);
    }

    /** Runs when a connection is closed: when whoever has its descriptor at last is. Any thread. */
    public static void whenClosed(Channel connection, Runnable action) {
        connection.closeFuture().addListener(closed -> {
            Channel successor = connection.attr(SUCCESSOR).get();
            if (successor == null) {
                action.run();
            } else {
                whenClosed(successor, action);
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
