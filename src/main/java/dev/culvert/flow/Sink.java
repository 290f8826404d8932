package dev.culvert.flow;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A socket that tunnels write to. What a turn of the event loop brings goes from the buffer that it was read into straight to
 * the socket: Netty's queue for what is written costs more than the rest of a small message's way. Only what a socket does not
 * take at once waits there, and what is written behind it. Event loop only.
 */
public final class Sink {
    private static final Logger LOG = Logger.getLogger(Sink.class);

    private final Channel channel;
    private final @Nullable Socket socket;
    private @Nullable ByteBuf lone;

    /** @param channel registered; what is written to it by others comes behind {@link #queue} */
    public Sink(Channel channel) {
        this.channel = channel;
        this.socket = channel instanceof UnixChannel unix && unix.fd() instanceof Socket own ? own : null;
    }

    /**
     * Writes behind all that was written before. It is sent by a {@link #flush}; a failure is told to the channel's handlers.
     *
     * @param payload is the sink's from now on
     */
    public void write(ByteBuf payload) {
        if (!payload.isReadable()) {
            payload.release();
        } else if (lone == null && socket != null && payload.hasMemoryAddress()) {
            lone = payload;
        } else {
            enqueue(queue(), payload);
        }
    }

    /** Sends what was written, as much as the socket takes; the rest follows when it takes more. */
    public void flush() {
        if (!sendLone()) {
            queue().flush();
        }
    }

    /** The channel, with all that was written in its queue, so that what is written to it now comes behind. */
    public Channel queue() {
        ByteBuf payload = lone;
        if (payload != null) {
            lone = null;
            enqueue(channel, payload);
        }
        return channel;
    }

    private static void enqueue(Channel channel, ByteBuf payload) {
        channel.write(TurnBuffers.toKeep(payload, PooledByteBufAllocator.DEFAULT), channel.voidPromise());
    }

    /** Whether that was all, and the socket took it. Not the way of an error: what is left fails once more in the queue. */
    private boolean sendLone() {
        ByteBuf payload = lone;
        if (payload == null || socket == null || !isOpenAndIdle()) {
            return false;
        }
        try {
            payload.skipBytes(
                    socket.sendAddress(payload.memoryAddress(), payload.readerIndex(), payload.writerIndex()));
        } catch (IOException | NotYetConnectedException failed) {
            LOG.debug("A socket does not take what is sent", failed);
        }
        if (payload.isReadable()) {
            return false;
        }
        lone = null;
        payload.release();
        return true;
    }

    /** A closed socket's number may be another's by now. */
    private boolean isOpenAndIdle() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue != null && queue.totalPendingWriteBytes() == 0;
    }
}
