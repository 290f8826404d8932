package dev.culvert.listener;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.config.LimitSettings;
import dev.culvert.guard.HeaderDeadline;
import dev.culvert.guard.MessageSyntax;
import dev.culvert.guard.RequestGuard;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request at a time, as far as {@link MessageSyntax} lets it pass. What comes behind a request is held,
 * undecoded and bounded, until the exchange is over ({@link #next}): it may be the next request, or the first bytes of a
 * tunnel, which get to whoever takes the decoder's place. Fires HTTP objects, or one {@link RefusedException} after which it
 * drops all that comes; where a body turns out bad, its end is one whose result is a failure. Event loop only.
 */
final class GuardedRequestDecoder extends HoldingRequestDecoder {
    private final LimitSettings limits;
    private final MessageSyntax syntax;
    private @Nullable HeaderDeadline deadline;
    private boolean refused;

    /**
     * @param limits of a head
     * @param mostHeld bytes behind a request at which the socket is read no more
     */
    GuardedRequestDecoder(LimitSettings limits, int mostHeld) {
        this(
                limits,
                mostHeld,
                MessageSyntax.ofRequests(limits.headerSize().asBigInteger().intValueExact(), limits.headerCount()));
    }

    private GuardedRequestDecoder(LimitSettings limits, int mostHeld, MessageSyntax syntax) {
        super(syntax.parserConfig(), mostHeld);
        this.limits = limits;
        this.syntax = syntax;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        super.handlerAdded(ctx);
        deadline = new HeaderDeadline(
                ctx.executor(), limits.headerTimeout(), limits.idleTimeout(), () -> late(ctx), () -> idle(ctx));
        deadline.headDue();
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        deadline().stop();
    }

    /** The exchange is over; the next request may come. */
    void next() {
        if (actualReadableBytes() == 0) {
            deadline().waiting();
        }
        resume();
    }

    /** Drops all that comes from now on: the client has been refused. */
    void discard() {
        refused = true;
        deadline().stop();
        decodeOn();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (refused) {
            in.skipBytes(in.readableBytes());
        } else if (!isHolding()) {
            read(ctx, in, out);
        }
    }

    private void read(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        boolean inBody = syntax.inMessage();
        boolean inHead = !inBody && in.isReadable();
        syntax.read(in, out, (bytes, objects) -> {
            super.decode(ctx, bytes, objects);
            objects.forEach(object -> inspect((HttpObject) object));
        });
        if (!out.isEmpty()) {
            deadline().stop();
            refused = out.get(0) instanceof RefusedException;
        } else if (inHead) {
            deadline().headByte(); // of one that is not whole: the others need no clock of their own
        }
        if (refused && inBody) {
            out.set(0, broken((RefusedException) out.get(0)));
        }
    }

    private void inspect(HttpObject object) {
        if (object instanceof HttpRequest request && !object.decoderResult().isSuccess()) {
            RequestGuard.framing(request); // which says better what is wrong, if it is that
            throw new RefusedException(Refusal.BAD_SYNTAX, "the request cannot be read");
        }
        if (object instanceof LastHttpContent) {
            hold();
        }
    }

    /** The end of a body that is none, as the base class has it: who reads the body learns there that it is not whole. */
    private static HttpObject broken(RefusedException why) {
        HttpObject end = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        end.setDecoderResult(DecoderResult.failure(why));
        return end;
    }

    private void late(ChannelHandlerContext ctx) {
        refused = true;
        ctx.fireChannelRead(new RefusedException(Refusal.HEADER_TIMEOUT, "the head was not complete in time"));
        ctx.fireChannelReadComplete();
    }

    /** Whoever has not taken its last answer yet is no client that we wait for: a close would cut that answer. */
    private void idle(ChannelHandlerContext ctx) {
        ChannelOutboundBuffer waiting = ctx.channel().unsafe().outboundBuffer();
        if (waiting != null && waiting.totalPendingWriteBytes() > 0) {
            deadline().waiting();
        } else {
            ctx.close();
        }
    }

    private HeaderDeadline deadline() {
        return Objects.requireNonNull(deadline, "not in a pipeline");
    }
}
