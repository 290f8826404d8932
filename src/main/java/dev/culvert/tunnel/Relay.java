package dev.culvert.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;

/**
 * One direction of a tunnel: what its source sends goes to its sink, unchanged and in order. While the sink takes no more,
 * the source is not read; the end of the source's stream is passed on behind its last byte. The source's only handler.
 * Event loop only.
 */
final class Relay extends ChannelInboundHandlerAdapter {
    private final Channel source;
    private final Channel sink;
    private final Tunnel tunnel;
    private long bytes;
    private boolean sourceEnded;
    private boolean done;

    Relay(Channel source, Channel sink, Tunnel tunnel) {
        this.source = source;
        this.sink = sink;
        this.tunnel = tunnel;
    }

    /** Payload bytes that came from the source. */
    long bytes() {
        return bytes;
    }

    /** Whether the source's stream ended, and its end was passed on. */
    boolean isDone() {
        return done;
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
        tunnel.halfClosed(this);
        // Netty fails what is still queued when output is shut down, so the end waits for the last byte's flush.
        sink.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (flushed.isSuccess()) {
                ((DuplexChannel) sink).shutdownOutput().addListener((ChannelFuture sent) -> {
                    done = true;
                    tunnel.directionDone();
                });
            }
        });
    }

    /** Reads on, unless the sink takes no more. */
    void resume() {
        source.config().setAutoRead(sink.isWritable());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf payload)) {
            ReferenceCountUtil.release(message); // the end of the HTTP message that the tunnel grew from
            return;
        }
        bytes += payload.readableBytes();
        tunnel.touch();
        sink.write(payload, sink.voidPromise());
        if (!sink.isWritable()) {
            source.config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        sink.flush();
    }

    /** The source of this direction is the sink of the other. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (source.isWritable()) {
            sink.config().setAutoRead(true);
        }
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
