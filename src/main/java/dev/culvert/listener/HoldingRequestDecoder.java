package dev.culvert.listener;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.epoll.PausableReads;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Holds what came, undecoded and bounded, until it is told to decode on. Netty's own decoder goes on until nothing is left, and
 * asks for more where it made nothing of it; whoever comes behind it may call back while it decodes. Event loop only.
 */
abstract class HoldingRequestDecoder extends HttpRequestDecoder {
    private final int mostHeld;
    private @Nullable ChannelHandlerContext context;
    private boolean holding;
    private boolean reading;
    private boolean again;

    /** @param mostHeld bytes at which the socket is read no more while they are held */
    HoldingRequestDecoder(HttpDecoderConfig config, int mostHeld) {
        super(config);
        this.mostHeld = mostHeld;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Holds what follows. */
    final void hold() {
        holding = true;
    }

    /** Whether what comes is to be left alone. */
    final boolean isHolding() {
        return holding;
    }

    /** Decodes on what was held. */
    final void resume() {
        holding = false;
        decodeOn();
    }

    /** Has the decoder look again at what is there. */
    final void decodeOn() {
        ChannelHandlerContext ctx = context;
        if (reading) {
            again = true;
        } else if (ctx != null) {
            ctx.channel().config().setAutoRead(true);
            channelRead(ctx, Unpooled.EMPTY_BUFFER);
            ctx.fireChannelReadComplete();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        try {
            read(ctx, message);
            while (again && !ctx.isRemoved()) {
                again = false;
                ctx.channel().config().setAutoRead(true);
                read(ctx, Unpooled.EMPTY_BUFFER);
            }
        } finally {
            reading = false;
        }
        if (holding && actualReadableBytes() >= mostHeld) {
            ctx.channel().config().setAutoRead(false);
            PausableReads.keepPauses(ctx.channel()); // or all that the client sent before it would be read at once
        }
    }

    private void read(ChannelHandlerContext ctx, Object message) {
        try {
            super.channelRead(ctx, message);
        } catch (Exception e) {
            ctx.fireExceptionCaught(e);
        }
    }

    /** The base class asks for more whenever it decoded nothing; while we hold, that would be without a bound. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (holding) {
            discardSomeReadBytes();
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    /** The end of the client's stream does not end what is held: the base class would drop it. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent && holding) {
            ctx.fireUserEventTriggered(event);
        } else {
            super.userEventTriggered(ctx, event);
        }
    }
}
