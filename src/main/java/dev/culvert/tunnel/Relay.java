package dev.culvert.tunnel;

import dev.culvert.flow.Flow;
import dev.culvert.flow.Flushes;
import dev.culvert.flow.Sink;
import dev.culvert.flow.SinkBacklog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a tunnel: what its source sends goes to its sink, unchanged and in order. While something waits for the
 * sink, the source is not read; the end of the source's stream is passed on behind its last byte. The source's only handler.
 * Event loop only.
 *
 * <p>In a drain it tells the sink that nothing more is to come ({@link #leave}): with a Close frame between two messages of
 * a WebSocket, with an end of stream otherwise.
 */
final class Relay extends ChannelInboundHandlerAdapter implements Runnable {
    private final Channel source;
    private final Sink sink;
    private final Tunnel tunnel;
    private final Flushes flushes;
    private final SinkBacklog backlog;
    private final @Nullable Goodbye goodbye;
    private long bytes;
    private long written;
    private boolean sourceEnded;
    private boolean cut;
    private boolean done;

    /**
     * @param flow its bytes have part in it
     * @param frames of a WebSocket; null for any other protocol
     */
    Relay(Channel source, Channel sink, Tunnel tunnel, Flow flow, @Nullable WebSocketFrames frames) {
        this.source = source;
        this.sink = new Sink(sink);
        this.tunnel = tunnel;
        this.flushes = flow.flushes(source.eventLoop());
        this.backlog = new SinkBacklog(flow.backlog());
        this.goodbye = frames == null ? null : new Goodbye(frames, this.sink);
        source.config().setAllocator(flow.buffers(source.eventLoop()));
    }

    /** Payload bytes that came from the source. */
    long bytes() {
        return bytes;
    }

    /** Whether the sink was told of the end. */
    boolean isDone() {
        return done;
    }

    /** Whether the source's stream ended, and the sink was told. */
    boolean isOver() {
        return done && sourceEnded;
    }

    /** Whether the source ends the conversation by itself: with its stream, or with a Close frame. */
    boolean isEnding() {
        return sourceEnded || (goodbye != null && goodbye.isSaidBySource());
    }

    /** Whether the source's stream ended. */
    boolean sourceEnded() {
        return sourceEnded;
    }

    /** The end of the source's stream, seen here or, before the tunnel stood, by somebody else. */
    void endOfStream() {
        if (sourceEnded) {
            return;
        }
        sourceEnded = true;
        source.config().setAutoRead(false); // or Netty asks the kernel again for what cannot come
        tunnel.halfClosed(this);
        if (cut) {
            tunnel.directionDone();
        } else {
            finish();
        }
    }

    /** Netty fails what is still queued when output is shut down, so the end waits for the last byte's flush. */
    private void finish() {
        sink.flush();
        sink.queue().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (!flushed.isSuccess()) {
                return;
            }
            if (sourceEnded && tunnel.endsWith(this)) {
                done = true; // the close that follows sends the same FIN
                tunnel.directionDone();
            } else {
                ((DuplexChannel) sink.queue()).shutdownOutput().addListener((ChannelFuture sent) -> {
                    done = true;
                    tunnel.directionDone();
                });
            }
        });
    }

    /**
     * Tells the sink that nothing more is to come, at the first place where that cuts no message. Behind a Close frame bytes
     * still pass; behind an end of stream there is nobody to give them to.
     */
    void leave() {
        if (goodbye == null || !goodbye.say()) {
            cut();
        }
    }

    private void cut() {
        cut = true;
        finish();
        source.config().setAutoRead(true); // until the source's own end
    }

    /** Sends what came before, with the others of this turn, and reads on, unless the sink is known not to take it. */
    void begin() {
        flushes.add(this);
        if (!backlog.isWaiting()) {
            readOn();
        }
    }

    /** Sends what was written, as much as the sink takes at once. */
    void flush() {
        sink.flush();
    }

    /** Sends what was written. While the sink does not take all of it, the source is not read. */
    @Override
    public void run() {
        sink.flush();
        if (SinkBacklog.pending(sink.queue()) == 0) {
            written = 0;
        } else if (!cut && written > 0) {
            source.config().setAutoRead(false);
            backlog.count(written, sink.queue(), this::taken);
        }
    }

    private void taken() {
        written = 0;
        readOn();
    }

    private void readOn() {
        if (!((DuplexChannel) source).isInputShutdown()) {
            source.config().setAutoRead(true);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf payload)) {
            ReferenceCountUtil.release(message); // the end of the HTTP message that the tunnel grew from
            return;
        }
        if (cut) {
            payload.release();
            return;
        }
        bytes += payload.readableBytes();
        written += payload.capacity(); // what is held, whatever is in it
        tunnel.touch();
        if (goodbye == null) {
            sink.write(payload);
        } else if (!goodbye.write(payload)) {
            cut();
        }
        if (!cut && written >= backlog.share()) {
            run();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flushes.add(this);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            endOfStream();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        tunnel.vanished(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        tunnel.failed(this, cause);
    }
}
