package dev.culvert.flow;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.TunnelSocket;
import org.jspecify.annotations.Nullable;

/**
 * A socket that a tunnel writes to. What a turn of the event loop brings goes from the buffer that it was read into straight to
 * the socket: Netty's queue for what is written costs more than the rest of a small message's way. Only what a socket does not
 * take at once waits there, and what is written behind it. Event loop only.
 */
public final class Sink {
    private final TunnelSocket socket;
    private @Nullable ByteBuf lone;

    /** @param socket what is written to it by others comes behind {@link #queue} */
    public Sink(TunnelSocket socket) {
        this.socket = socket;
    }

    /**
     * Writes behind all that was written before. It is sent by a {@link #flush}; a failure closes the socket.
     *
     * @param payload is the sink's from now on
     */
    public void write(ByteBuf payload) {
        if (!payload.isReadable()) {
            payload.release();
        } else if (lone == null && payload.hasMemoryAddress()) {
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

    /** Bytes that the socket has not taken yet, and a little for each buffer; 0 once it is closed. */
    public long pending() {
        return SinkBacklog.pending(queue());
    }

    /**
     * Sends what was written, and runs when the socket has taken all of it, now where it does at once; never when it is gone
     * before.
     *
     * @param action runs in the event loop
     */
    public void whenSent(Runnable action) {
        if (sendLone() || (lone == null && socket.isIdle())) {
            action.run();
            return;
        }
        queue().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> {
            if (sent.isSuccess()) {
                action.run();
            }
        });
    }

    /** The socket, with all that was written in its queue, so that what is written to it now comes behind. */
    public TunnelSocket queue() {
        ByteBuf payload = lone;
        if (payload != null) {
            lone = null;
            enqueue(socket, payload);
        }
        return socket;
    }

    private static void enqueue(TunnelSocket socket, ByteBuf payload) {
        socket.write(
                TurnBuffers.toKeep(payload, PooledByteBufAllocator.DEFAULT),
                socket.unsafe().voidPromise());
    }

    /** Whether that was all, and the socket took it. */
    private boolean sendLone() {
        ByteBuf payload = lone;
        if (payload == null || !socket.isIdle()) {
            return false;
        }
        socket.send(payload);
        if (payload.isReadable()) {
            return false;
        }
        lone = null;
        payload.release();
        return true;
    }
}
